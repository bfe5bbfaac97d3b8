import { createLocalJWKSet, jwtVerify, type JSONWebKeySet, type JWTPayload } from 'jose';

/** The claims of a proof of a lease. Throws unless it is valid by the public keys of the server. */
export async function claimsOf(proof: string, serverUrl: string): Promise<JWTPayload> {
  const response = await fetch(`${serverUrl}/.well-known/jwks.json`);
  const keys = createLocalJWKSet((await response.json()) as JSONWebKeySet);
  return (await jwtVerify(proof, keys, { typ: 'octostore-proof+jwt', issuer: 'octostore' })).payload;
}
