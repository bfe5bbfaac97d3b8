import { expect, test } from 'vitest';
import { Accounts } from '../../../../src/auth/accounts.js';
import { acquire, expectError, newLeaseId, newName } from '../../suite.js';
import { MAIN, useExchange } from './exchange-suite.js';

const suite = useExchange();

/** What the job of the server does every second. */
const endExpired = (): Promise<void> => suite.server.app.get(Accounts).endExpiredTokens();

async function waits(name: string, count: number): Promise<void> {
  await expect.poll(async () => (await suite.alice.get(`/locks/${name}`)).body['waiters']).toBe(count);
}

test('a place in line is kept when the token expires, and the next token goes on there', async () => {
  const { name, leaseId } = await acquire(suite.alice, newName(), { ttl_seconds: 3600 });
  const job = await suite.job();
  const ask = { ttl_seconds: 60, wait_seconds: 60, lease_id: newLeaseId() };
  suite.clock.advance(890_000);
  const waiting = job.post(`/locks/${name}/acquire`, ask);
  await waits(name, 1);
  const later = suite.bob.post(`/locks/${name}/acquire`, { ...ask, lease_id: newLeaseId() });
  await waits(name, 2);

  suite.clock.advance(11_000);
  await endExpired();
  expectError(await waiting, 'token_expired');
  await waits(name, 1);
  const next = await suite.job();
  const { body: line } = await next.get(`/queues/${name}`);
  expect(line['queue']).toMatchObject([{ lease_id: ask.lease_id, asking: false }, { asking: true }]);
  const again = next.post(`/locks/${name}/acquire`, ask);
  await waits(name, 2);
  await suite.alice.post(`/locks/${name}/release`, { lease_id: leaseId });
  expect((await again).body).toMatchObject({ status: 'acquired', lease_id: ask.lease_id, holder: MAIN });
  await next.post(`/locks/${name}/release`, { lease_id: ask.lease_id });
  expect((await later).status).toBe(200);
});

test('a place in line is lost when the token is revoked', async () => {
  const { name } = await acquire(suite.alice);
  const sub = 'repo:acme/revoked:ref:refs/heads/main';
  const job = await suite.job({ sub });
  const waiting = job.post(`/locks/${name}/acquire`, {
    ttl_seconds: 60,
    wait_seconds: 60,
    lease_id: newLeaseId(),
  });
  await waits(name, 1);
  await suite.operator.delete(`/admin/tokens?user=${encodeURIComponent(`oidc:${suite.issuer.url}:${sub}`)}`);
  expectError(await waiting, 'unauthorized');
  expect((await suite.alice.get(`/queues/${name}`)).body['queue']).toEqual([]);
});

test('an event stream ends with its token', async () => {
  const job = await suite.job();
  const response = await fetch(`${suite.server.url}/watch?prefix=x`, {
    headers: { authorization: `Bearer ${job.token}` },
  });
  const text = response.text();
  suite.clock.advance(901_000);
  await endExpired();
  await text;
  expectError(await job.get('/watch?prefix=x'), 'token_expired');
});
