import { describe, expect, test } from 'vitest';
import type { Reply } from '../../../../lab/kit/http/client.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { ALICE } from '../../../support/server.js';
import type { CheckedClient } from '../../../support/schema-client.js';
import { SseStream } from '../../../support/sse.js';
import { acquire, expectError, newLeaseId, newName, useServer, type Granted } from '../../suite.js';

const clock = new ManualClock();
const suite = useServer({}, clock);

const SHARED = { mode: 'shared' };

function convert(client: CheckedClient, { name, leaseId }: Granted, mode: unknown): Promise<Reply> {
  return client.post(`/locks/${name}/convert`, { lease_id: leaseId, mode });
}

async function waitFor(name: string, waiters: number): Promise<void> {
  await expect.poll(async () => (await suite.alice.get(`/locks/${name}`)).body['waiters']).toBe(waiters);
}

describe('from exclusive to shared', () => {
  test('keeps the lease, its token and its end', async () => {
    const lease = await acquire(suite.alice, newName(), { metadata: 'mine' });
    clock.advance(5_000);
    const reply = await convert(suite.alice, lease, 'shared');
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual({
      status: 'held',
      lease_id: lease.leaseId,
      name: lease.name,
      fencing_token: lease.token,
      expires_at: new Date(clock.wallMs() + 55_000).toISOString(),
      renew_after_ms: 15_000,
      holder: 'alice',
      holder_id: expect.any(String),
      metadata: 'mine',
      mode: 'shared',
    });
  });

  test('lets in those who wait to share the lock, and not the writer behind them', async () => {
    const lease = await acquire(suite.alice);
    const path = `/locks/${lease.name}/acquire`;
    const reader = suite.bob.post(path, { ttl_seconds: 60, wait_seconds: 60, ...SHARED });
    await waitFor(lease.name, 1);
    void suite.bob.post(path, { ttl_seconds: 60, wait_seconds: 1, lease_id: newLeaseId() });
    await waitFor(lease.name, 2);
    await convert(suite.alice, lease, 'shared');
    expect((await reader).body).toMatchObject({ status: 'acquired', mode: 'shared' });
    await waitFor(lease.name, 1);
    clock.advance(2_000);
  });

  test('is an event like a renewal', async () => {
    const lease = await acquire(suite.alice);
    const stream = await SseStream.open(`${suite.server.url}/locks/${lease.name}/watch`, { token: ALICE });
    await stream.next();
    await convert(suite.alice, lease, 'shared');
    expect((await stream.next()).data).toMatchObject({
      event: 'renewed',
      mode: 'shared',
      fencing_token: lease.token,
    });
  });
});

describe('from shared to exclusive', () => {
  test('gives the sole holder a new token, before those in line', async () => {
    const lease = await acquire(suite.alice, newName(), SHARED);
    void suite.bob.post(`/locks/${lease.name}/acquire`, { ttl_seconds: 60, wait_seconds: 1 });
    await waitFor(lease.name, 1);
    const { body } = await convert(suite.alice, lease, 'exclusive');
    expect(body).toMatchObject({ status: 'held', lease_id: lease.leaseId, mode: 'exclusive' });
    expect(body['fencing_token']).toBeGreaterThan(lease.token);
    const shown = (await suite.alice.get(`/locks/${lease.name}`)).body;
    expect(shown).toMatchObject({ mode: 'exclusive', fencing_token: body['fencing_token'] });
    clock.advance(2_000);
  });

  test('is two events: the old token ends, and the new one begins', async () => {
    const lease = await acquire(suite.alice, newName(), SHARED);
    const stream = await SseStream.open(`${suite.server.url}/locks/${lease.name}/watch`, { token: ALICE });
    await stream.next();
    const { body } = await convert(suite.alice, lease, 'exclusive');
    expect((await stream.take(2)).map(({ data }) => data)).toMatchObject([
      { event: 'released', mode: 'shared', fencing_token: lease.token },
      { event: 'acquired', mode: 'exclusive', fencing_token: body['fencing_token'] },
    ]);
  });

  test('is refused while others share the lock, and names the first of them', async () => {
    const lease = await acquire(suite.alice, newName(), SHARED);
    await acquire(suite.bob, lease.name, { ...SHARED, ttl_seconds: 30 });
    const { body } = await suite.expectRefusal('lock_held', () => convert(suite.alice, lease, 'exclusive'));
    expect(body).toMatchObject({ status: 'held', lock: { holder: 'bob' }, retry_after_ms: 30_000 });
    expect(body).not.toHaveProperty('position');
    clock.advance(30_001);
    expect((await convert(suite.alice, lease, 'exclusive')).status).toBe(200);
  });

  test('gives a lease of several locks one new token for all of them', async () => {
    const [a, b] = [newName(), newName()];
    const locks = [{ name: a, ...SHARED }, { name: b }];
    const { body: before } = await suite.alice.post('/leases', { ttl_seconds: 60, locks });
    const lease = { name: a, leaseId: String(before['lease_id']), token: 0 };
    const { body } = await convert(suite.alice, lease, 'exclusive');
    expect(body).toMatchObject({
      name: a,
      locks: [
        { name: a, mode: 'exclusive' },
        { name: b, mode: 'exclusive' },
      ],
    });
    const { fencing_token } = body;
    expect(fencing_token).toBeGreaterThan(Number(before['fencing_token']));
    for (const name of [a, b])
      expect((await suite.alice.get(`/locks/${name}`)).body).toMatchObject({ fencing_token });
  });
});

test('to the same mode changes nothing', async () => {
  const lease = await acquire(suite.alice);
  const before = await suite.state();
  const reply = await convert(suite.alice, lease, 'exclusive');
  expect(reply.body).toMatchObject({ status: 'held', fencing_token: lease.token });
  expect(await suite.state()).toEqual(before);
});

test('needs the lease id in any case of letters, and a mode', async () => {
  const lease = await acquire(suite.alice);
  const upper = { ...lease, leaseId: lease.leaseId.toUpperCase() };
  expect((await convert(suite.alice, upper, 'shared')).status).toBe(200);
  for (const mode of ['counted', undefined, null])
    await suite.expectRefusal('validation_failed', () => convert(suite.alice, lease, mode));
});

test('a counted lock cannot be converted', async () => {
  const lease = await acquire(suite.alice, newName(), { limit: 2 });
  const { body } = await suite.expectRefusal('validation_failed', () =>
    convert(suite.alice, lease, 'shared'),
  );
  expect(body['details']).toContain('The lock is counted');
});

test('only the holder can convert a lease, while it lasts', async () => {
  const lease = await acquire(suite.alice, newName(), { ttl_seconds: 1 });
  await suite.expectRefusal('lock_not_found', () => convert(suite.bob, lease, 'shared'));
  clock.advance(1_001);
  expectError(await convert(suite.alice, lease, 'shared'), 'lock_not_found');
});
