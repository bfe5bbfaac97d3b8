import { ApiPropertyOptional } from '@nestjs/swagger';
import { BooleanField } from '../http/input/fields.js';

/** The field of a request that asks for a proof. */
export function ProofField(): PropertyDecorator {
  return BooleanField({
    description:
      'Whether you want a proof of the lease in the reply. It is for others: with the keys from `/.well-known/jwks.json` anyone can ' +
      'verify it without asking this server.',
    optional: true,
  });
}

/** The proof in a reply. */
export function ApiProof(): PropertyDecorator {
  return ApiPropertyOptional({
    description:
      'The proof, if you asked for one: a JSON Web Token, signed with Ed25519, that says who holds which locks, with which fencing token, and ' +
      'until when (`exp`). It stays valid until then, even if you release the lease sooner. It does not contain the `lease_id`.',
    example: EXAMPLE_PROOF,
  });
}

const EXAMPLE_PROOF =
  'eyJhbGciOiJFZERTQSIsInR5cCI6Im9jdG9zdG9yZS1wcm9vZitqd3QiLCJraWQiOiIuLi4ifQ.eyJpc3MiOiJvY3Rvc3RvcmUifQ.c2lnbmF0dXJl';
