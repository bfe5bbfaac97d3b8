import { createLocalJWKSet, jwtVerify, type JSONWebKeySet, type JWTVerifyResult } from 'jose';
import { expect } from 'vitest';
import type { CheckedClient } from '../../support/schema-client.js';

/** The published keys, as a stranger gets them. */
export async function keySetOf(stranger: CheckedClient): Promise<JSONWebKeySet> {
  const { status, body } = await stranger.get('/.well-known/jwks.json');
  expect(status).toBe(200);
  return body as unknown as JSONWebKeySet;
}

/** Verifies a proof the way the documents say, at a time by the wall clock. Throws if it is not valid. */
export function verified(proof: unknown, keys: JSONWebKeySet, wallMs: number): Promise<JWTVerifyResult> {
  return jwtVerify(String(proof), createLocalJWKSet(keys), {
    algorithms: ['EdDSA'],
    typ: 'octostore-proof+jwt',
    issuer: 'octostore',
    currentDate: new Date(wallMs),
  });
}
