import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../../support/manual-clock.js';
import { acquire, newLeaseId, newName, openSession, useServer } from '../../suite.js';

const clock = new ManualClock();
const suite = useServer({}, clock);

test('frees the lock', async () => {
  const { name, leaseId } = await acquire(suite.alice);
  const { status, body } = await suite.alice.post(`/locks/${name}/release`, { lease_id: leaseId });
  expect(status).toBe(200);
  expect(body).toEqual({ status: 'released', message: 'Lock released' });
  expect((await suite.alice.get(`/locks/${name}`)).body['status']).toBe('available');
  expect((await suite.bob.post(`/locks/${name}/acquire`, { ttl_seconds: 1 })).status).toBe(200);
});

test('accepts the lease id in capitals', async () => {
  const { name, leaseId } = await acquire(suite.alice);
  const { status } = await suite.alice.post(`/locks/${name}/release`, { lease_id: leaseId.toUpperCase() });
  expect(status).toBe(200);
});

test('needs no Content-Type', async () => {
  const { name, leaseId } = await acquire(suite.alice);
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const { status } = await suite.alice.post(`/locks/${name}/release`, { lease_id: leaseId }, { headers });
  expect(status).toBe(200);
});

test('of a lease in a session leaves the session alive', async () => {
  const session_id = await openSession(suite.alice);
  const { name, leaseId } = await acquire(suite.alice, newName(), { session_id });
  await suite.alice.post(`/locks/${name}/release`, { lease_id: leaseId });
  const { body } = await suite.alice.get(`/sessions/${session_id}`);
  expect(body).toMatchObject({ active: true, lock_count: 0 });
});

describe('404 lock_not_found', () => {
  test('for a lock that is free', async () => {
    await suite.expectRefusal('lock_not_found', () =>
      suite.alice.post(`/locks/${newName()}/release`, { lease_id: newLeaseId() }),
    );
  });

  test('for a lease that was already released', async () => {
    const { name, leaseId } = await acquire(suite.alice);
    await suite.alice.post(`/locks/${name}/release`, { lease_id: leaseId });
    await suite.expectRefusal('lock_not_found', () =>
      suite.alice.post(`/locks/${name}/release`, { lease_id: leaseId }),
    );
  });

  test('for a lease that has expired, even if no one has acquired the lock since', async () => {
    const { name, leaseId } = await acquire(suite.alice, newName(), { ttl_seconds: 1 });
    clock.advance(1001);
    const { status, body } = await suite.alice.post(`/locks/${name}/release`, { lease_id: leaseId });
    expect(status).toBe(404);
    expect(body['code']).toBe('lock_not_found');
  });

  test("for another user's lease, even with its id", async () => {
    const { name, leaseId } = await acquire(suite.alice);
    await suite.expectRefusal('lock_not_found', () =>
      suite.bob.post(`/locks/${name}/release`, { lease_id: leaseId }),
    );
    expect((await suite.alice.get(`/locks/${name}`)).body['status']).toBe('held');
  });

  test('for a lock that the caller holds under another lease', async () => {
    const { name } = await acquire(suite.alice);
    await suite.expectRefusal('lock_not_found', () =>
      suite.alice.post(`/locks/${name}/release`, { lease_id: newLeaseId() }),
    );
  });

  test('for the lease of another lock', async () => {
    const [first, second] = [await acquire(suite.alice), await acquire(suite.alice)];
    await suite.expectRefusal('lock_not_found', () =>
      suite.alice.post(`/locks/${first.name}/release`, { lease_id: second.leaseId }),
    );
  });
});

describe('refuses', () => {
  test.each<[string, unknown]>([
    ['no lease_id', {}],
    ['a lease_id of null', { lease_id: null }],
    ['a lease_id that is not a UUID', { lease_id: 'mine' }],
    ['a lease_id in a list', { lease_id: [newLeaseId()] }],
    ['an unknown field', { lease_id: newLeaseId(), force: true }],
    ['a list', [newLeaseId()]],
  ])('%s with validation_failed', async (_, body) => {
    const { name } = await acquire(suite.alice);
    await suite.expectRefusal('validation_failed', () => suite.alice.post(`/locks/${name}/release`, body));
  });

  test('no body at all with validation_failed', async () => {
    const { name } = await acquire(suite.alice);
    await suite.expectRefusal('validation_failed', () => suite.alice.post(`/locks/${name}/release`));
  });

  test('invalid JSON with malformed_json', async () => {
    const { name, leaseId } = await acquire(suite.alice);
    await suite.expectRefusal('malformed_json', () =>
      suite.alice.post(`/locks/${name}/release`, `lease_id=${leaseId}`),
    );
  });

  test('more than 16 KiB with body_too_large', async () => {
    const { name } = await acquire(suite.alice);
    await suite.expectRefusal('body_too_large', () =>
      suite.alice.post(`/locks/${name}/release`, ' '.repeat(16 * 1024 + 1)),
    );
  });

  test('callers without a valid token with unauthorized', async () => {
    const { name, leaseId } = await acquire(suite.alice);
    await suite.expectRefusal('unauthorized', () =>
      suite.nobody.post(`/locks/${name}/release`, { lease_id: leaseId }),
    );
    await suite.expectRefusal('unauthorized', () =>
      suite.nobody.as('wrong').post(`/locks/${name}/release`, { lease_id: leaseId }),
    );
  });
});
