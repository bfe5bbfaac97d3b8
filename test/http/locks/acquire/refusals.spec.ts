import { describe, expect, test } from 'vitest';
import { ERRORS } from '../../../../src/errors/error-table.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { acquire, expectError, newLeaseId, newName, openSession, useServer } from '../../suite.js';

const clock = new ManualClock();
const suite = useServer({ MAX_LOCKS_PER_USER: '30', MAX_WAITERS: '0' }, clock);

describe('409 lock_held', () => {
  test('names the holder, when the lease ends, and when to retry', async () => {
    const { name } = await acquire(suite.alice, newName(), { ttl_seconds: 90, metadata: 'worker-7' });
    clock.advance(500);
    const expires_at = new Date(clock.wallMs() + 89_500).toISOString();
    const { headers, body } = await suite.expectRefusal('lock_held', () =>
      suite.bob.post(`/locks/${name}/acquire`, { ttl_seconds: 60 }),
    );
    expect(body).toEqual({
      error: ERRORS.lock_held.message,
      code: 'lock_held',
      request_id: headers.get('x-request-id'),
      lock: { name, holder: 'alice', expires_at },
      status: 'held',
      holder_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      expires_at,
      metadata: 'worker-7',
      retry_after_ms: 89_500,
    });
    expect(headers.get('retry-after')).toBe('90');
  });

  test('never contains the lease id', async () => {
    const { name, leaseId } = await acquire(suite.alice);
    const { body } = await suite.bob.post(`/locks/${name}/acquire`, { ttl_seconds: 60 });
    expect(JSON.stringify(body)).not.toContain(leaseId);
  });

  test('in a session says the lock is held until the session ends, if that is earlier', async () => {
    const session_id = await openSession(suite.alice, 10);
    const { name } = await acquire(suite.alice, newName(), { session_id, ttl_seconds: 3600 });
    const { body } = await suite.bob.post(`/locks/${name}/acquire`, { ttl_seconds: 60 });
    expect(body['retry_after_ms']).toBe(10_000);
  });

  test('asks to retry after a second at the earliest', async () => {
    const { name } = await acquire(suite.alice, newName(), { ttl_seconds: 1 });
    clock.advance(1000);
    const { body, headers } = await suite.bob.post(`/locks/${name}/acquire`, { ttl_seconds: 60 });
    expect(body['retry_after_ms']).toBe(0);
    expect(headers.get('retry-after')).toBe('1');
  });
});

describe('422 validation_failed', () => {
  const lease_id = newLeaseId();
  test.each<[string, Record<string, unknown>, string]>([
    ['no ttl_seconds', {}, 'ttl_seconds'],
    ['ttl_seconds of null', { ttl_seconds: null }, 'ttl_seconds'],
    ['ttl_seconds of 0', { ttl_seconds: 0 }, 'ttl_seconds'],
    ['ttl_seconds of 3601', { ttl_seconds: 3601 }, 'ttl_seconds'],
    ['ttl_seconds below zero', { ttl_seconds: -1 }, 'ttl_seconds'],
    ['a fraction', { ttl_seconds: 1.5 }, 'ttl_seconds'],
    ['a number as text', { ttl_seconds: '60' }, 'ttl_seconds'],
    ['true', { ttl_seconds: true }, 'ttl_seconds'],
    ['a list', { ttl_seconds: [60] }, 'ttl_seconds'],
    ['a lease_id that is not a UUID', { ttl_seconds: 60, lease_id: 'mine' }, 'lease_id'],
    ['a lease_id in braces', { ttl_seconds: 60, lease_id: `{${lease_id}}` }, 'lease_id'],
    ['a lease_id with a line after it', { ttl_seconds: 60, lease_id: `${lease_id}\n` }, 'lease_id'],
    ['an empty lease_id', { ttl_seconds: 60, lease_id: '' }, 'lease_id'],
    ['a session_id that is not a UUID', { ttl_seconds: 60, session_id: 'mine' }, 'session_id'],
    ['metadata of 1025 bytes', { ttl_seconds: 60, metadata: 'x'.repeat(1025) }, 'metadata'],
    ['metadata of 1028 bytes in 257 characters', { ttl_seconds: 60, metadata: '🐙'.repeat(257) }, 'metadata'],
    ['metadata that is an object', { ttl_seconds: 60, metadata: {} }, 'metadata'],
    ['wait_seconds of 61', { ttl_seconds: 60, wait_seconds: 61 }, 'wait_seconds'],
    ['wait_seconds below zero', { ttl_seconds: 60, wait_seconds: -1 }, 'wait_seconds'],
    ['a misspelt field', { ttl_seconds: 60, ttl: 60 }, '"ttl"'],
  ])('for %s', async (_, body, blamed) => {
    const name = newName();
    const reply = await suite.expectRefusal('validation_failed', () =>
      suite.alice.post(`/locks/${name}/acquire`, body),
    );
    expect(reply.body['details']).toContain(blamed);
  });

  test('for half of a surrogate pair in metadata', async () => {
    await suite.expectRefusal('validation_failed', () =>
      suite.alice.post(`/locks/${newName()}/acquire`, '{"ttl_seconds":60,"metadata":"\\ud83d"}'),
    );
  });

  test('names every bad field at once', async () => {
    const { body } = await suite.alice.post(`/locks/${newName()}/acquire`, {
      ttl_seconds: 0,
      lease_id: 'x',
      wait_seconds: 'long',
    });
    for (const field of ['ttl_seconds', 'lease_id', 'wait_seconds']) expect(body['details']).toContain(field);
  });
});

describe('400 and 413', () => {
  test.each([
    ['a form', 'ttl_seconds=60'],
    ['half of an object', '{"ttl_seconds": 60'],
    ['two objects', '{}{}'],
    ['NaN', '{"ttl_seconds": NaN}'],
    ['a trailing comma', '{"ttl_seconds": 60,}'],
  ])('malformed_json for %s', async (_, body) => {
    await suite.expectRefusal('malformed_json', () => suite.alice.post(`/locks/${newName()}/acquire`, body));
  });

  test('body_too_large for more than 16 KiB', async () => {
    const padding = ' '.repeat(16 * 1024 - '{"ttl_seconds":60}'.length);
    const atTheLimit = await suite.alice.post(`/locks/${newName()}/acquire`, `{"ttl_seconds":60}${padding}`);
    expect(atTheLimit.status).toBe(200);
    await suite.expectRefusal('body_too_large', () =>
      suite.alice.post(`/locks/${newName()}/acquire`, `{"ttl_seconds":60}${padding} `),
    );
  });
});

describe('401 unauthorized', () => {
  test('without a token, and with an unknown one', async () => {
    const name = newName();
    const call = (token: string | null) => () =>
      suite.nobody.as(token).post(`/locks/${name}/acquire`, { ttl_seconds: 60 });
    await suite.expectRefusal('unauthorized', call(null));
    await suite.expectRefusal('unauthorized', call('nobody-has-this-token'));
    expect((await suite.alice.get(`/locks/${name}`)).body['status']).toBe('available');
  });
});

describe('sessions', () => {
  test('404 session_not_found for one that never existed', async () => {
    await suite.expectRefusal('session_not_found', () =>
      suite.alice.post(`/locks/${newName()}/acquire`, { ttl_seconds: 60, session_id: newLeaseId() }),
    );
  });

  test("404 session_not_found for another user's", async () => {
    const session_id = await openSession(suite.bob);
    await suite.expectRefusal('session_not_found', () =>
      suite.alice.post(`/locks/${newName()}/acquire`, { ttl_seconds: 60, session_id }),
    );
  });

  test('410 session_expired for one that has ended', async () => {
    const session_id = await openSession(suite.alice, 10);
    clock.advance(10_001);
    const reply = await suite.alice.post(`/locks/${newName()}/acquire`, { ttl_seconds: 60, session_id });
    expect(reply.status).toBe(410);
    expect(reply.body['code']).toBe('session_expired');
  });
});

describe('403 lock_limit_exceeded', () => {
  test('beyond the limit, for that user only, until one is released', async () => {
    clock.advance(3_600_001);
    const held: { name: string; leaseId: string }[] = [];
    for (let count = 0; count < 30; count += 1) held.push(await acquire(suite.alice));
    const reply = await suite.expectRefusal('lock_limit_exceeded', () =>
      suite.alice.post(`/locks/${newName()}/acquire`, { ttl_seconds: 60 }),
    );
    expect(reply.body['details']).toContain('30');
    await acquire(suite.bob);

    const [first] = held;
    const again = await suite.alice.post(`/locks/${first?.name}/acquire`, { ttl_seconds: 60 });
    expect(again.body['status']).toBe('held');
    await suite.alice.post(`/locks/${first?.name}/release`, { lease_id: first?.leaseId });
    await acquire(suite.alice);
  });

  test('does not count expired leases', async () => {
    clock.advance(60_001);
    expect(await acquire(suite.alice)).toMatchObject({ token: expect.any(Number) });
  });
});

describe('503 too_many_waiters', () => {
  test('when the line is full, though not for a lock that is free', async () => {
    const { name } = await acquire(suite.alice);
    await suite.expectRefusal('too_many_waiters', () =>
      suite.bob.post(`/locks/${name}/acquire`, { ttl_seconds: 60, wait_seconds: 5 }),
    );
    await acquire(suite.bob, newName(), { wait_seconds: 5 });
  });
});

describe('limits that apply to one user and to all users together', () => {
  const strict = useServer({
    MAX_LOCKS: '3',
    MAX_SESSIONS: '1',
    MAX_WAITERS: '2',
    MAX_WAITERS_PER_USER: '1',
  });

  test('of waiters say which of the two has been reached', async () => {
    const { name, leaseId } = await acquire(strict.alice);
    const path = `/locks/${name}/acquire`;
    const waiting = strict.bob.post(path, { ttl_seconds: 60, wait_seconds: 60, lease_id: newLeaseId() });
    const waiters = async () => (await strict.alice.get(`/locks/${name}`)).body['waiters'];
    await expect.poll(waiters).toBe(1);
    const refused = await strict.bob.post(path, { ttl_seconds: 60, wait_seconds: 60 });
    expectError(refused, 'too_many_waiters');
    expect(refused.body['details']).toBe('The limit per user is 1 waiting requests.');
    expect(refused.headers.get('retry-after')).toBe('1');
    await strict.alice.post(`/locks/${name}/release`, { lease_id: leaseId });
    expect((await waiting).body['status']).toBe('acquired');
  });

  test('of locks and of sessions say when to retry', async () => {
    for (let count = 0; count < 2; count += 1) await acquire(strict.alice);
    const lock = await strict.alice.post(`/locks/${newName()}/acquire`, { ttl_seconds: 60 });
    expectError(lock, 'too_many_locks');
    expect(lock.body['details']).toBe('The limit for all users together is 3 locks.');
    expect(lock.headers.get('retry-after')).toBe('1');
    await strict.alice.post('/sessions', {});
    const session = await strict.bob.post('/sessions', {});
    expectError(session, 'too_many_sessions');
    expect(session.body['details']).toBe('The limit for all users together is 1 sessions.');
    expect(session.headers.get('retry-after')).toBe('1');
  });
});
