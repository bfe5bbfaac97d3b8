import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { ApiErrors } from '../http/answer/api-errors.decorator.js';
import { Lean, Upkeep } from '../http/routes/traits.js';
import { ProofKeySet, type ProofVerificationKey } from './key-set.dto.js';
import { ALGORITHM, type ProofKey } from './keys/proof-key.js';
import { ProofKeys } from './keys/proof-keys.js';

@ApiTags('Leases')
@ApiErrors('malformed_request')
@Controller('.well-known')
export class KeySetController {
  constructor(private readonly keys: ProofKeys) {}

  /**
   * Get the keys that verify proofs
   *
   * @remarks A JSON Web Key Set, for anyone. You may keep it for five minutes. A new key is published an hour before it signs, and an old
   * one until a day after it signed last. If a proof names a key that you do not know, get the set again.
   */
  @Get('jwks.json')
  @Upkeep()
  @Lean()
  @Header('Cache-Control', 'public, max-age=300')
  @ApiOkResponse({ type: ProofKeySet, description: 'The public keys' })
  getProofKeys(): ProofKeySet {
    return { keys: [...this.keys.published].map(presentKey) };
  }
}

/** Only the public half. */
function presentKey({ row, publicKey: { kty, crv, x } }: ProofKey): ProofVerificationKey {
  return { kty, crv, x, kid: row.keyId, alg: ALGORITHM, use: 'sig' };
}
