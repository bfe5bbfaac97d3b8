import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../../support/manual-clock.js';
import { acquire, newLeaseId, newName, openSession, useServer } from '../../suite.js';

const clock = new ManualClock();
const suite = useServer({}, clock);

function renew(name: string, lease_id: string, ttl_seconds: unknown = 60) {
  return suite.alice.post(`/locks/${name}/renew`, { lease_id, ttl_seconds });
}

test('moves the end and keeps everything else', async () => {
  const { name, leaseId, token } = await acquire(suite.alice, newName(), { metadata: 'mine' });
  clock.advance(30_000);
  const { status, body } = await renew(name, leaseId, 300);
  expect(status).toBe(200);
  expect(body).toEqual({
    status: 'held',
    name,
    lease_id: leaseId,
    fencing_token: token,
    expires_at: new Date(clock.wallMs() + 300_000).toISOString(),
    holder: 'alice',
    holder_id: expect.any(String),
    metadata: 'mine',
    renew_after_ms: 100_000,
    mode: 'exclusive',
  });
  clock.advance(300_000);
  expect((await suite.bob.get(`/locks/${name}`)).body['status']).toBe('held');
  clock.advance(1);
  expect((await suite.bob.get(`/locks/${name}`)).body['status']).toBe('available');
});

test('can also bring the end nearer', async () => {
  const { name, leaseId } = await acquire(suite.alice, newName(), { ttl_seconds: 3600 });
  await renew(name, leaseId, 1);
  clock.advance(1001);
  expect((await suite.bob.get(`/locks/${name}`)).body['status']).toBe('available');
});

test('works in the last millisecond', async () => {
  const { name, leaseId } = await acquire(suite.alice, newName(), { ttl_seconds: 1 });
  clock.advance(1000);
  expect((await renew(name, leaseId)).status).toBe(200);
});

test('does not extend a lease beyond its session', async () => {
  const session_id = await openSession(suite.alice, 10);
  const { name, leaseId } = await acquire(suite.alice, newName(), { session_id, ttl_seconds: 5 });
  await renew(name, leaseId, 3600);
  clock.advance(10_001);
  expect((await suite.bob.get(`/locks/${name}`)).body['status']).toBe('available');
});

describe('404 lock_not_found', () => {
  test('for a lock that is free', async () => {
    await suite.expectRefusal('lock_not_found', () => renew(newName(), newLeaseId()));
  });

  test('for a lease that has expired, even if no one has acquired the lock since', async () => {
    const { name, leaseId } = await acquire(suite.alice, newName(), { ttl_seconds: 1 });
    clock.advance(1001);
    expect((await renew(name, leaseId)).body['code']).toBe('lock_not_found');
    expect((await suite.alice.get(`/locks/${name}`)).body['status']).toBe('available');
  });

  test('for a lease that was released', async () => {
    const { name, leaseId } = await acquire(suite.alice);
    await suite.alice.post(`/locks/${name}/release`, { lease_id: leaseId });
    await suite.expectRefusal('lock_not_found', () => renew(name, leaseId));
  });

  test("for another user's lease, even with its id", async () => {
    const { name, leaseId } = await acquire(suite.bob);
    await suite.expectRefusal('lock_not_found', () => renew(name, leaseId));
  });

  test('for a lock that the caller holds under another lease', async () => {
    const { name } = await acquire(suite.alice);
    await suite.expectRefusal('lock_not_found', () => renew(name, newLeaseId()));
  });
});

describe('refuses', () => {
  test.each<[string, unknown]>([
    ['ttl_seconds of 0', { ttl_seconds: 0 }],
    ['ttl_seconds of 3601', { ttl_seconds: 3601 }],
    ['ttl_seconds of null', { ttl_seconds: null }],
    ['a fraction', { ttl_seconds: 1.5 }],
    ['a number as text', { ttl_seconds: '60' }],
    ['no ttl_seconds', { ttl_seconds: undefined }],
    ['no lease_id', { lease_id: undefined }],
    ['a lease_id that is not a UUID', { lease_id: 'mine' }],
    ['a field of acquire only', { metadata: 'new' }],
  ])('%s with validation_failed', async (_, changed) => {
    const { name, leaseId } = await acquire(suite.alice);
    await suite.expectRefusal('validation_failed', () =>
      suite.alice.post(`/locks/${name}/renew`, {
        lease_id: leaseId,
        ttl_seconds: 60,
        ...(changed as object),
      }),
    );
  });

  test('invalid JSON with malformed_json, and more than 16 KiB with body_too_large', async () => {
    const { name } = await acquire(suite.alice);
    await suite.expectRefusal('malformed_json', () => suite.alice.post(`/locks/${name}/renew`, '{'));
    await suite.expectRefusal('body_too_large', () =>
      suite.alice.post(`/locks/${name}/renew`, ' '.repeat(16 * 1024 + 1)),
    );
  });

  test('callers without a valid token with unauthorized', async () => {
    const { name, leaseId } = await acquire(suite.alice);
    const body = { lease_id: leaseId, ttl_seconds: 60 };
    await suite.expectRefusal('unauthorized', () => suite.nobody.post(`/locks/${name}/renew`, body));
  });
});
