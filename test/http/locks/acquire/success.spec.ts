import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../../support/manual-clock.js';
import { acquire, newLeaseId, newName, openSession, useServer } from '../../suite.js';

const clock = new ManualClock();
const suite = useServer({}, clock);

describe('a grant', () => {
  test('describes the lease', async () => {
    const name = newName();
    const { status, body } = await suite.alice.post(`/locks/${name}/acquire`, {
      ttl_seconds: 90,
      metadata: 'worker-7',
    });
    expect(status).toBe(200);
    expect(body).toEqual({
      status: 'acquired',
      name,
      lease_id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      fencing_token: expect.any(Number),
      expires_at: new Date(clock.wallMs() + 90_000).toISOString(),
      holder: 'alice',
      holder_id: expect.any(String),
      metadata: 'worker-7',
      renew_after_ms: 30_000,
      mode: 'exclusive',
    });
  });

  test('has no metadata if the request had none', async () => {
    const { body } = await suite.alice.post(`/locks/${newName()}/acquire`, { ttl_seconds: 1 });
    expect(body['metadata']).toBeNull();
  });

  test('allows null for any optional field', async () => {
    const nothing = { lease_id: null, session_id: null, metadata: null, wait_seconds: null };
    const { status } = await suite.alice.post(`/locks/${newName()}/acquire`, { ttl_seconds: 1, ...nothing });
    expect(status).toBe(200);
  });

  test('has a higher fencing token than every earlier grant, whatever the lock and user', async () => {
    const tokens: number[] = [];
    for (const client of [suite.alice, suite.bob, suite.alice]) tokens.push((await acquire(client)).token);
    const again = newName();
    for (let round = 0; round < 3; round += 1) {
      const { leaseId, token } = await acquire(suite.bob, again);
      tokens.push(token);
      await suite.bob.post(`/locks/${again}/release`, { lease_id: leaseId });
    }
    expect(tokens).toEqual([...new Set(tokens)].toSorted((a, b) => a - b));
  });

  test('goes to exactly one of 20 requests at once', async () => {
    const name = newName();
    const requests = Array.from({ length: 20 }, (_, index) => {
      const client = index % 2 === 0 ? suite.alice : suite.bob;
      return client.post(`/locks/${name}/acquire`, { ttl_seconds: 60, lease_id: newLeaseId() });
    });
    const statuses = (await Promise.all(requests)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 409)).toHaveLength(19);
  });

  test.each([1, 3600])('may last %d seconds', async (seconds) => {
    const { body } = await suite.alice.post(`/locks/${newName()}/acquire`, { ttl_seconds: seconds });
    expect(body['expires_at']).toBe(new Date(clock.wallMs() + seconds * 1000).toISOString());
  });

  test.each([
    ['1024 bytes of ASCII', 'x'.repeat(1024)],
    ['1024 bytes of emoji', '🐙'.repeat(256)],
    ['an empty text', ''],
    ['NUL and other control characters', 'a\u0000b\u001f\u007f'],
    ['line separators and quotes', '\u2028"\\\r\n'],
  ])('keeps metadata of %s as it is', async (_, metadata) => {
    const name = newName();
    await acquire(suite.alice, name, { metadata });
    expect((await suite.bob.get(`/locks/${name}`)).body['metadata']).toBe(metadata);
  });
});

describe('the end of a lease', () => {
  test('never comes before its time', async () => {
    const { name } = await acquire(suite.alice, newName(), { ttl_seconds: 1 });
    clock.advance(1000);
    expect((await suite.bob.post(`/locks/${name}/acquire`, { ttl_seconds: 1 })).status).toBe(409);
    clock.advance(1);
    const { status, body } = await suite.bob.post(`/locks/${name}/acquire`, { ttl_seconds: 1 });
    expect(status).toBe(200);
    expect(body['holder']).toBe('bob');
  });

  test('does not move when the wall clock is set', async () => {
    const { name } = await acquire(suite.alice, newName(), { ttl_seconds: 60 });
    clock.jumpWall(3_600_000);
    expect((await suite.bob.post(`/locks/${name}/acquire`, { ttl_seconds: 1 })).status).toBe(409);
    clock.jumpWall(-7_200_000);
    clock.advance(60_001);
    expect((await suite.bob.post(`/locks/${name}/acquire`, { ttl_seconds: 1 })).status).toBe(200);
    clock.jumpWall(3_600_000);
  });
});

describe('ephemeral, of earlier versions of the API,', () => {
  test('is accepted as true with a session, and as false without one', async () => {
    const session_id = await openSession(suite.alice);
    const tied = await acquire(suite.alice, newName(), { session_id, ephemeral: true });
    const free = await acquire(suite.alice, newName(), { ephemeral: false });
    expect(free.token).toBeGreaterThan(tied.token);
  });

  test.each([
    ['false with a session', false, true],
    ['true without one', true, false],
  ])('is refused as %s', async (_, ephemeral, hasSession) => {
    const session = hasSession ? { session_id: await openSession(suite.alice) } : {};
    await suite.expectRefusal('validation_failed', () =>
      suite.alice.post(`/locks/${newName()}/acquire`, { ttl_seconds: 60, ephemeral, ...session }),
    );
  });
});

describe('acquiring a lock that you already hold', () => {
  test('answers with the same lease, token and expiry', async () => {
    const name = newName();
    const first = await suite.alice.post(`/locks/${name}/acquire`, { ttl_seconds: 60, metadata: 'first' });
    clock.advance(5_000);
    const second = await suite.alice.post(`/locks/${name}/acquire`, { ttl_seconds: 300, metadata: 'second' });
    expect(second.status).toBe(200);
    expect(second.body).toEqual({ ...first.body, status: 'held', renew_after_ms: 15_000 });
  });

  test('says to renew at once if the lease should have been renewed already', async () => {
    const name = newName();
    await suite.alice.post(`/locks/${name}/acquire`, { ttl_seconds: 60 });
    clock.advance(20_001);
    const { body } = await suite.alice.post(`/locks/${name}/acquire`, { ttl_seconds: 60 });
    expect(body).toMatchObject({ status: 'held', renew_after_ms: 0 });
  });

  test('with the lease id of a lost reply answers with that lease', async () => {
    const name = newName();
    const lease_id = newLeaseId();
    const first = await suite.alice.post(`/locks/${name}/acquire`, { ttl_seconds: 60, lease_id });
    expect(first.body).toMatchObject({ status: 'acquired', lease_id });
    const repeat = await suite.alice.post(`/locks/${name}/acquire`, { ttl_seconds: 60, lease_id });
    expect(repeat.body).toEqual({ ...first.body, status: 'held' });
  });

  test('treats a lease id in capitals as the same id', async () => {
    const name = newName();
    const lease_id = newLeaseId();
    const first = await suite.alice.post(`/locks/${name}/acquire`, {
      ttl_seconds: 60,
      lease_id: lease_id.toUpperCase(),
    });
    expect(first.body['lease_id']).toBe(lease_id);
    const repeat = await suite.alice.post(`/locks/${name}/acquire`, { ttl_seconds: 60, lease_id });
    expect(repeat.body['status']).toBe('held');
  });

  test('after its release grants a new lease under the same chosen id', async () => {
    const name = newName();
    const lease_id = newLeaseId();
    const { token } = await acquire(suite.alice, name, { lease_id });
    await suite.alice.post(`/locks/${name}/release`, { lease_id });
    const again = await acquire(suite.alice, name, { lease_id });
    expect(again.leaseId).toBe(lease_id);
    expect(again.token).toBeGreaterThan(token);
  });
});

describe('two processes with one token', () => {
  test('compete if each chooses a lease id', async () => {
    const name = newName();
    await acquire(suite.alice, name, { lease_id: newLeaseId() });
    const other = await suite.alice.post(`/locks/${name}/acquire`, {
      ttl_seconds: 60,
      lease_id: newLeaseId(),
    });
    expect(other.status).toBe(409);
    expect(other.body).toMatchObject({ code: 'lock_held', lock: { holder: 'alice' } });
  });

  test('compete if each has a session', async () => {
    const name = newName();
    await acquire(suite.alice, name, { session_id: await openSession(suite.alice) });
    const session_id = await openSession(suite.alice);
    const other = await suite.alice.post(`/locks/${name}/acquire`, { ttl_seconds: 60, session_id });
    expect(other.status).toBe(409);
    const outside = await suite.alice.post(`/locks/${name}/acquire`, { ttl_seconds: 60 });
    expect(outside.status).toBe(409);
  });

  test('may both use one lease id for different locks', async () => {
    const lease_id = newLeaseId();
    for (const client of [suite.alice, suite.alice, suite.bob])
      expect(await acquire(client, newName(), { lease_id })).toMatchObject({ leaseId: lease_id });
  });
});

describe('the body is read as JSON, whatever its Content-Type', () => {
  test.each([
    ['of curl -d', 'application/x-www-form-urlencoded'],
    ['with a character set', 'application/json; charset=utf-8'],
    ['of plain text', 'text/plain'],
    ['that does not exist', 'nonsense'],
    ['of a form with files', 'multipart/form-data; boundary=x'],
  ])('%s', async (_, type) => {
    const { status } = await suite.alice.post(
      `/locks/${newName()}/acquire`,
      { ttl_seconds: 60 },
      { headers: { 'content-type': type } },
    );
    expect(status).toBe(200);
  });

  test('with a byte order mark before it', async () => {
    const { status } = await suite.alice.post(`/locks/${newName()}/acquire`, '\uFEFF{"ttl_seconds":60}');
    expect(status).toBe(200);
  });
});

describe('a lease in a session', () => {
  test('counts for the session and can be acquired again within it', async () => {
    const session_id = await openSession(suite.alice);
    const { name } = await acquire(suite.alice, newName(), { session_id });
    expect((await suite.alice.get(`/sessions/${session_id}`)).body['lock_count']).toBe(1);
    const again = await suite.alice.post(`/locks/${name}/acquire`, {
      ttl_seconds: 60,
      session_id: session_id.toUpperCase(),
    });
    expect(again.body['status']).toBe('held');
  });

  test('ends at its own TTL if that comes first', async () => {
    const session_id = await openSession(suite.alice, 300);
    const { name } = await acquire(suite.alice, newName(), { session_id, ttl_seconds: 1 });
    clock.advance(1001);
    expect((await suite.bob.get(`/locks/${name}`)).body['status']).toBe('available');
    expect((await suite.alice.get(`/sessions/${session_id}`)).body).toMatchObject({ lock_count: 0 });
  });

  test('ends with the session if that comes first', async () => {
    const session_id = await openSession(suite.alice, 10);
    const { name } = await acquire(suite.alice, newName(), { session_id, ttl_seconds: 3600 });
    clock.advance(10_001);
    expect((await suite.bob.get(`/locks/${name}`)).body['status']).toBe('available');
    expect((await suite.bob.post(`/locks/${name}/acquire`, { ttl_seconds: 1 })).status).toBe(200);
  });
});
