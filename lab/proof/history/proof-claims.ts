import { createPublicKey, verify, type JsonWebKey } from 'node:crypto';
import { expectThat, type Actor } from './scenario.js';

/** What a proof says, as far as scenarios look at it. */
interface ProofClaims {
  /** In seconds since 1970. */
  readonly exp: number;
  readonly fencing_token: number;
  readonly locks: readonly { readonly name: string; readonly mode: string }[];
}

/** What a proof says, once a published key has verified it. Throws `ScenarioFailed` if none does. */
export async function verifiedClaims(actor: Actor, proof: string): Promise<ProofClaims> {
  const [header = '', payload = '', signature = ''] = proof.split('.');
  const key = await publishedKey(actor, String(decoded(header)['kid']));
  const signed = Buffer.from(`${header}.${payload}`);
  const isGenuine =
    key !== undefined &&
    verify(null, signed, createPublicKey({ key, format: 'jwk' }), Buffer.from(signature, 'base64url'));
  expectThat(isGenuine, `no published key verifies the proof ${proof}`);
  return decoded(payload) as unknown as ProofClaims;
}

async function publishedKey(actor: Actor, kid: string): Promise<JsonWebKey | undefined> {
  const { body } = await actor.call('GET', '/.well-known/jwks.json');
  return (body['keys'] as readonly JsonWebKey[]).find((key) => key['kid'] === kid);
}

function decoded(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>;
}
