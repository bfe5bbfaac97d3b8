import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../../support/manual-clock.js';
import { ALICE } from '../../../support/server.js';
import { SseStream } from '../../../support/sse.js';
import { acquire, expectError, newLeaseId, newName, openSession, useServer } from '../../suite.js';

const clock = new ManualClock();
const suite = useServer({ MAX_LOCKS_PER_USER: '10' }, clock);

function inSeconds(seconds: number): string {
  return new Date(clock.wallMs() + seconds * 1000).toISOString();
}

async function statusOf(name: string): Promise<Record<string, unknown>> {
  return (await suite.bob.get(`/locks/${name}`)).body;
}

/** A lock that cools for `seconds` more, because its lease has just expired. */
async function coolingLock(seconds = 10): Promise<string> {
  const { name } = await acquire(suite.alice, newName(), { ttl_seconds: 1, lock_delay_seconds: seconds });
  clock.advance(1_001);
  return name;
}

describe('lock_delay_seconds', () => {
  test('keeps the lock from everyone after its lease has expired', async () => {
    const { name, token } = await acquire(suite.alice, newName(), { ttl_seconds: 5, lock_delay_seconds: 10 });
    clock.advance(5_000);
    expect(await statusOf(name)).toMatchObject({ status: 'held' });
    clock.advance(1_000);
    const available_at = inSeconds(9);
    expect(await statusOf(name)).toEqual({
      status: 'delayed',
      name,
      message: 'Lock not available yet',
      fencing_token: expect.any(Number),
      waiters: 0,
      available_at,
    });
    for (const client of [suite.alice, suite.bob]) {
      const reply = await suite.expectRefusal('lock_delayed', () =>
        client.post(`/locks/${name}/acquire`, { ttl_seconds: 60 }),
      );
      expect(reply.body).toMatchObject({
        lock: { name, holder: null, expires_at: available_at },
        status: 'delayed',
        holder_id: null,
        metadata: null,
        expires_at: available_at,
        retry_after_ms: 9_000,
      });
      expect(reply.headers.get('retry-after')).toBe('9');
    }
    clock.advance(9_001);
    expect(await statusOf(name)).toMatchObject({ status: 'available' });
    expect((await acquire(suite.bob, name)).token).toBeGreaterThan(token);
  });

  test('does the same after the end of a session that expires', async () => {
    const session_id = await openSession(suite.alice, 10);
    const { name } = await acquire(suite.alice, newName(), { session_id, lock_delay_seconds: 5 });
    clock.advance(10_001);
    expect(await statusOf(name)).toMatchObject({ status: 'delayed' });
  });

  test('does nothing after a release', async () => {
    const { name, leaseId } = await acquire(suite.alice, newName(), { lock_delay_seconds: 10 });
    await suite.alice.post(`/locks/${name}/release`, { lease_id: leaseId });
    expect(await statusOf(name)).toMatchObject({ status: 'available' });
  });

  test('is over for the first in line at its end', async () => {
    const name = await coolingLock(10);
    const waiting = suite.bob.post(`/locks/${name}/acquire`, { ttl_seconds: 60, wait_seconds: 60 });
    await expect.poll(async () => (await statusOf(name))['waiters']).toBe(1);
    expect(await statusOf(name)).toMatchObject({ status: 'delayed', waiters: 1 });
    clock.advance(10_050);
    expect((await waiting).body).toMatchObject({ status: 'acquired', expires_at: expect.any(String) });
  });

  test('goes for all locks of a lease', async () => {
    const locks = [{ name: newName() }, { name: newName() }];
    await suite.alice.post('/leases', { ttl_seconds: 1, locks, lock_delay_seconds: 10 });
    clock.advance(1_050);
    for (const { name } of locks) expect(await statusOf(name)).toMatchObject({ status: 'delayed' });
    clock.advance(10_000);
  });

  test('is no part of a repeat', async () => {
    const lease = { ttl_seconds: 60, lease_id: newLeaseId() };
    const name = newName();
    await suite.alice.post(`/locks/${name}/acquire`, { ...lease, lock_delay_seconds: 10 });
    const again = await suite.alice.post(`/locks/${name}/acquire`, { ...lease, lock_delay_seconds: 20 });
    expect(again.body).toMatchObject({ status: 'held', lease_id: lease.lease_id });
    await suite.alice.post(`/locks/${name}/release`, { lease_id: lease.lease_id });
  });
});

describe('min_hold_seconds', () => {
  test('keeps the lock from everyone for the rest of that time after a release', async () => {
    const { name, leaseId } = await acquire(suite.alice, newName(), { min_hold_seconds: 30 });
    clock.advance(10_000);
    const released = await suite.alice.post(`/locks/${name}/release`, { lease_id: leaseId });
    expect(released.body).toMatchObject({ status: 'released' });
    expect(await statusOf(name)).toMatchObject({ status: 'delayed', available_at: inSeconds(20) });
    await suite.expectRefusal('lock_not_found', () =>
      suite.alice.post(`/locks/${name}/renew`, { lease_id: leaseId, ttl_seconds: 60 }),
    );
    clock.advance(20_001);
    expect(await statusOf(name)).toMatchObject({ status: 'available' });
  });

  test('has no effect once it is over', async () => {
    const { name, leaseId } = await acquire(suite.alice, newName(), { min_hold_seconds: 30 });
    clock.advance(30_001);
    await suite.alice.post(`/locks/${name}/release`, { lease_id: leaseId });
    expect(await statusOf(name)).toMatchObject({ status: 'available' });
  });

  test('counts the end of a session as a release', async () => {
    const session_id = await openSession(suite.alice);
    const { name } = await acquire(suite.alice, newName(), { session_id, min_hold_seconds: 20 });
    await suite.alice.delete(`/sessions/${session_id}`);
    expect(await statusOf(name)).toMatchObject({ status: 'delayed', available_at: inSeconds(20) });
    clock.advance(20_001);
  });
});

describe('a delayed lock', () => {
  test('counts in the quota of its last holder', async () => {
    const locks = Array.from({ length: 10 }, () => ({ name: newName() }));
    const terms = { ttl_seconds: 60, min_hold_seconds: 60 };
    const { body } = await suite.bob.post('/leases', { ...terms, locks });
    await suite.bob.delete(`/leases/${String(body['lease_id'])}`);
    const other = newName();
    await suite.expectRefusal('lock_limit_exceeded', () =>
      suite.bob.post(`/locks/${other}/acquire`, { ttl_seconds: 60 }),
    );
    clock.advance(60_001);
    const { leaseId } = await acquire(suite.bob, other);
    await suite.bob.post(`/locks/${other}/release`, { lease_id: leaseId });
  });

  test('is in no list, and has no row under a prefix', async () => {
    const name = await coolingLock();
    expect(await statusOf(name)).toMatchObject({ status: 'delayed' });
    expect((await suite.alice.get(`/locks?prefix=${name}`)).body).toMatchObject({ locks: [], total: 0 });
    const url = `${suite.server.url}/watch?prefix=${name}`;
    const state = await (await SseStream.open(url, { token: ALICE })).next();
    expect(state.data).toEqual({ locks: [], complete: true });
    clock.advance(10_001);
  });

  test('is shown by a watch on it', async () => {
    const name = await coolingLock();
    expect(await statusOf(name)).toMatchObject({ status: 'delayed' });
    const stream = await SseStream.open(`${suite.server.url}/locks/${name}/watch`, { token: ALICE });
    expect((await stream.next()).data).toEqual((await suite.alice.get(`/locks/${name}`)).body);
    clock.advance(10_001);
  });

  test('answers a request with another limit like one that waits: by the limit in line', async () => {
    const name = await coolingLock();
    const waiting = suite.bob.post(`/locks/${name}/acquire`, { ttl_seconds: 1, limit: 3, wait_seconds: 60 });
    await expect.poll(async () => (await statusOf(name))['waiters']).toBe(1);
    const reply = await suite.alice.post(`/locks/${name}/acquire`, { ttl_seconds: 60, limit: 4 });
    expectError(reply, 'limit_mismatch');
    expect(reply.body).toMatchObject({ status: 'delayed', limit: 3, holder_id: null });
    clock.advance(10_050);
    await waiting;
  });
});

describe('422 validation_failed', () => {
  const name = newName();
  test.each<[string, object, string]>([
    ['a delay of a shared lock', { mode: 'shared', lock_delay_seconds: 1 }, `"${name}" is shared`],
    ['a minimum of a counted lock', { limit: 2, min_hold_seconds: 1 }, `"${name}" is counted`],
    ['a minimum above the TTL', { min_hold_seconds: 61 }, 'min_hold_seconds is 61, but ttl_seconds is 60.'],
    ['a delay of 61', { lock_delay_seconds: 61 }, 'lock_delay_seconds must be an integer from 0 to 60.'],
    ['a negative minimum', { min_hold_seconds: -1 }, 'min_hold_seconds must be an integer from 0 to 3600.'],
  ])('answers %s', async (_, fields, details) => {
    const { body } = await suite.expectRefusal('validation_failed', () =>
      suite.alice.post(`/locks/${name}/acquire`, { ttl_seconds: 60, ...fields }),
    );
    expect(body['details']).toContain(details);
  });

  test('answers a lease with one lock that is not exclusive', async () => {
    const locks = [{ name: newName() }, { name, mode: 'shared' }];
    const { body } = await suite.expectRefusal('validation_failed', () =>
      suite.alice.post('/leases', { ttl_seconds: 60, locks, lock_delay_seconds: 1 }),
    );
    expect(body['details']).toContain(`"${name}" is shared`);
  });

  test.each([
    { mode: 'shared', lock_delay_seconds: 0, min_hold_seconds: 0 },
    { mode: 'exclusive', lock_delay_seconds: null, min_hold_seconds: null },
  ])('accepts %j', async (fields) => {
    const { name: other, leaseId } = await acquire(suite.alice, newName(), fields);
    await suite.alice.post(`/locks/${other}/release`, { lease_id: leaseId });
    expect(await statusOf(other)).toMatchObject({ status: 'available' });
  });
});
