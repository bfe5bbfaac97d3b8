import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OctoStoreClient } from '../../../sdks/typescript/src/index.js';
import { startServer, type TestServer } from '../../support/server.js';

let server: TestServer;
let client: OctoStoreClient;

beforeAll(async () => {
  server = await startServer();
  client = new OctoStoreClient({ baseUrl: server.url, token: server.token });
});

afterAll(() => server.close());

/** What a proof says, once a third party has verified it. */
async function claimsIn(proof: string | undefined): Promise<Record<string, unknown>> {
  const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', server.url));
  return (await jwtVerify(String(proof), keys, { typ: 'octostore-proof+jwt' })).payload;
}

test('a lock that is held has a proof if it was asked for', async () => {
  await using lock = await client.hold('held', { proof: true });
  await using other = await client.hold('other');
  const { fencingToken } = lock;
  expect(await claimsIn(lock.proof)).toMatchObject({
    fencing_token: fencingToken,
    locks: [{ name: 'held' }],
  });
  expect(other.proof).toBeUndefined();
});

test('several locks have one proof', async () => {
  await using lock = await client.holdAll([{ name: 'a' }, { name: 'b' }], { proof: true });
  expect(await claimsIn(lock.proof)).toMatchObject({ locks: [{ name: 'a' }, { name: 'b' }] });
});

test('each renewal replaces the proof', async () => {
  await using lock = await client.hold('renewed', { ttlSeconds: 3, proof: true });
  const first = decodeJwt(String(lock.proof));
  const proofs: (string | undefined)[] = [];
  await new Promise<void>((resolve) => {
    lock.onRenewed(() => {
      proofs.push(lock.proof);
      resolve();
    });
  });
  const { exp } = await claimsIn(proofs[0]);
  expect(exp).toBeGreaterThan(Number(first.exp));
});

test('single requests have a proof if it was asked for', async () => {
  const { leaseId, proof } = await client.acquire('single', { proof: true });
  expect(await claimsIn(proof)).toMatchObject({ locks: [{ name: 'single' }] });
  expect((await client.renew('single', leaseId, 60)).proof).toBeUndefined();
  const { exp } = await claimsIn((await client.renew('single', leaseId, 600, { proof: true })).proof);
  expect(exp).toBeGreaterThan(Number(decodeJwt(String(proof)).exp));
  await claimsIn((await client.leases.renew(leaseId, 60, { proof: true })).proof);
  const whole = await client.acquireAll([{ name: 'whole' }], { proof: true });
  expect(await claimsIn(whole.proof)).toMatchObject({ locks: [{ name: 'whole' }] });
});

test('a request without a proof is the same as before', async () => {
  const { leaseId } = await client.acquire('plain', { proof: false });
  expect((await client.renew('plain', leaseId, 60, { proof: false })).proof).toBeUndefined();
});
