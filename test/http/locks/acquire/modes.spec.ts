import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../../support/manual-clock.js';
import { acquire, expectError, newLeaseId, newName, useServer } from '../../suite.js';

const clock = new ManualClock();
const suite = useServer({}, clock);

const SHARED = { mode: 'shared' };

async function waitFor(name: string, waiters: number): Promise<void> {
  await expect.poll(async () => (await suite.alice.get(`/locks/${name}`)).body['waiters']).toBe(waiters);
}

describe('a shared lock', () => {
  test('goes with shared, and says so', async () => {
    const name = newName();
    const first = await suite.alice.post(`/locks/${name}/acquire`, { ttl_seconds: 60, ...SHARED });
    const second = await suite.bob.post(`/locks/${name}/acquire`, { ttl_seconds: 60, ...SHARED });
    expect(first.body).toMatchObject({ status: 'acquired', mode: 'shared' });
    expect(second.body).toMatchObject({ status: 'acquired', mode: 'shared' });
    expect(second.body['fencing_token']).toBeGreaterThan(Number(first.body['fencing_token']));
    for (const field of ['limit', 'permits', 'slots', 'locks']) expect(first.body).not.toHaveProperty(field);
  });

  test('does not go with an exclusive request, which names the first holder', async () => {
    const { name } = await acquire(suite.alice, newName(), SHARED);
    clock.advance(1_000);
    await acquire(suite.bob, name, SHARED);
    const reply = await suite.bob.post(`/locks/${name}/acquire`, { ttl_seconds: 60, lease_id: newLeaseId() });
    expectError(reply, 'lock_held');
    expect(reply.body).toMatchObject({ status: 'held', lock: { holder: 'alice' }, retry_after_ms: 59_000 });
  });

  test('shows its holders in the order of their grants, each with its own lease id only', async () => {
    const { name, leaseId, token } = await acquire(suite.alice, newName(), { ...SHARED, metadata: 'first' });
    const other = await acquire(suite.bob, name, { ...SHARED, metadata: 'second' });
    const { body } = await suite.alice.get(`/locks/${name}`);
    expect(body).toMatchObject({ mode: 'shared', lease_id: leaseId, fencing_token: token, holder_count: 2 });
    expect(body).not.toHaveProperty('permits_in_use');
    const common = {
      expires_at: new Date(clock.wallMs() + 60_000).toISOString(),
      holder_id: expect.any(String),
    };
    expect(body['holders']).toEqual([
      { ...common, fencing_token: token, holder: 'alice', metadata: 'first', lease_id: leaseId },
      { ...common, fencing_token: other.token, holder: 'bob', metadata: 'second' },
    ]);
    const others = (await suite.bob.get(`/locks/${name}`)).body;
    expect(others).toMatchObject({ lease_id: null, holder: 'alice' });
    expect(JSON.stringify(others)).not.toContain(leaseId);
    expect(JSON.stringify(others)).toContain(other.leaseId);
  });

  test('shows the first hundred holders and how many there are', async () => {
    const name = newName();
    for (let count = 0; count < 101; count += 1)
      await acquire(count % 2 === 0 ? suite.alice : suite.bob, name, { ...SHARED, lease_id: newLeaseId() });
    const { body } = await suite.alice.get(`/locks/${name}`);
    expect(body['holder_count']).toBe(101);
    expect(body['holders']).toHaveLength(100);
  });

  test('lets a writer in once the last reader has gone, and no reader before it', async () => {
    const reader = await acquire(suite.alice, newName(), SHARED);
    const writer = suite.bob.post(`/locks/${reader.name}/acquire`, { ttl_seconds: 60, wait_seconds: 60 });
    await waitFor(reader.name, 1);
    const later = await suite.bob.post(`/locks/${reader.name}/acquire`, { ttl_seconds: 60, ...SHARED });
    expectError(later, 'lock_queued');
    await suite.alice.post(`/locks/${reader.name}/release`, { lease_id: reader.leaseId });
    expect((await writer).body).toMatchObject({ status: 'acquired', mode: 'exclusive' });
  });

  test('asked for again without a lease id is the same lease, and another one in another mode is not', async () => {
    const { name, leaseId } = await acquire(suite.alice, newName(), SHARED);
    const again = await suite.alice.post(`/locks/${name}/acquire`, { ttl_seconds: 60, ...SHARED });
    expect(again.body).toMatchObject({ status: 'held', lease_id: leaseId, mode: 'shared' });
    expectError(await suite.alice.post(`/locks/${name}/acquire`, { ttl_seconds: 60 }), 'lock_held');
  });
});

describe('409 lock_queued', () => {
  test('says until when the lock is kept for others, and names no holder', async () => {
    const reader = await acquire(suite.alice, newName(), { ...SHARED, ttl_seconds: 3600 });
    const { name } = reader;
    const writer = suite.bob.post(`/locks/${name}/acquire`, { ttl_seconds: 60, wait_seconds: 20 });
    await waitFor(name, 1);
    clock.advance(5_000);
    const reply = await suite.alice.post(`/locks/${name}/acquire`, {
      ttl_seconds: 60,
      ...SHARED,
      lease_id: newLeaseId(),
    });
    expectError(reply, 'lock_queued');
    const expires_at = new Date(clock.wallMs() + 15_000).toISOString();
    expect(reply.body).toMatchObject({
      status: 'queued',
      lock: { name, holder: null, expires_at },
      holder_id: null,
      metadata: null,
      expires_at,
      retry_after_ms: 15_000,
    });
    for (const field of ['limit', 'position', 'waiters']) expect(reply.body).not.toHaveProperty(field);
    await suite.alice.post(`/locks/${name}/release`, { lease_id: reader.leaseId });
    await writer;
  });
});

describe('409 lease_mismatch', () => {
  test('answers a lease id that is used in another mode, and changes nothing', async () => {
    const { name, leaseId } = await acquire(suite.alice, newName(), SHARED);
    const body = { ttl_seconds: 60, lease_id: leaseId };
    const { headers } = await suite.expectRefusal('lease_mismatch', () =>
      suite.alice.post(`/locks/${name}/acquire`, body),
    );
    expect(headers.get('retry-after')).toBeNull();
  });
});

describe('422 validation_failed', () => {
  test.each([
    ['a limit with a mode', { limit: 2, mode: 'shared' }, 'A lock with a limit is counted'],
    ['a limit with the default mode', { limit: 2, mode: 'exclusive' }, 'A lock with a limit is counted'],
    ['permits without a limit', { permits: 1 }, 'permits needs a limit'],
    ['more permits than the limit', { limit: 2, permits: 3 }, 'permits is 3, but limit is 2'],
    ['a limit of 0', { limit: 0 }, 'limit must be an integer from 1 to 10000.'],
    ['a limit of 10001', { limit: 10_001 }, 'limit must be an integer from 1 to 10000.'],
    ['permits of 0', { limit: 1, permits: 0 }, 'permits must be an integer from 1 to 10000.'],
    ['another mode', { mode: 'counted' }, 'mode must be "exclusive" or "shared".'],
  ])('answers %s', async (_, fields, details) => {
    const { body } = await suite.expectRefusal('validation_failed', () =>
      suite.alice.post(`/locks/${newName()}/acquire`, { ttl_seconds: 60, ...fields }),
    );
    expect(body['details']).toContain(details);
  });

  test.each([{ mode: null }, { limit: null }, { permits: null }])('accepts %j', async (fields) => {
    const { body } = await suite.alice.post(`/locks/${newName()}/acquire`, { ttl_seconds: 60, ...fields });
    expect(body).toMatchObject({ status: 'acquired', mode: 'exclusive' });
  });
});
