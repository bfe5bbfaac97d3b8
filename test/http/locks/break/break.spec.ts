import { SERVER_ORIGIN } from '../../../../src/audit/origin.js';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Reply } from '../../../../lab/kit/http/client.js';
import { Accounts } from '../../../../src/auth/accounts.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { ALICE } from '../../../support/server.js';
import type { CheckedClient } from '../../../support/schema-client.js';
import { SseStream } from '../../../support/sse.js';
import { acquire, expectError, newLeaseId, newName, useServer } from '../../suite.js';

const clock = new ManualClock();
const suite = useServer({ ADMIN_USERS: 'ada', MAX_LOCKS_PER_USER: '10000' }, clock);
const reason = 'worker-7 is being replaced';
let ada: CheckedClient;

beforeAll(async () => {
  const identity = { provider: 'github', subject: '1', login: 'Ada', avatarUrl: null } as const;
  ada = suite.alice.as((await suite.server.app.get(Accounts).changes.signIn(identity, SERVER_ORIGIN)).token);
});

function breakLock(name: string, body: object = {}, client = suite.operator): Promise<Reply> {
  return client.post(`/locks/${name}/break`, { reason, ...body });
}

async function statusOf(name: string): Promise<unknown> {
  return (await suite.alice.get(`/locks/${name}`)).body['status'];
}

describe('a break', () => {
  test('ends the lease of a lock, and the next in line gets it', async () => {
    const { name, token } = await acquire(suite.alice);
    const waiting = suite.bob.post(`/locks/${name}/acquire`, { ttl_seconds: 60, wait_seconds: 60 });
    await expect.poll(async () => (await suite.alice.get(`/locks/${name}`)).body['waiters']).toBe(1);
    const reply = await breakLock(name);
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual({
      status: 'broken',
      name,
      lease_count: 1,
      fencing_tokens: [token],
      ended_delay: false,
    });
    expect((await waiting).body).toMatchObject({ status: 'acquired', holder: 'bob' });
  });

  test('ends all leases of a shared lock, and lists the first hundred tokens', async () => {
    const name = newName();
    const tokens: number[] = [];
    for (let count = 0; count < 101; count += 1) {
      const body = { mode: 'shared', lease_id: newLeaseId() };
      tokens.push((await acquire(suite.alice, name, body)).token);
    }
    const { body } = await breakLock(name);
    expect(body).toMatchObject({ lease_count: 101, fencing_tokens: tokens.slice(0, 100) });
    expect(await statusOf(name)).toBe('available');
  });

  test('ends only the lease with the token', async () => {
    const { name, token } = await acquire(suite.alice, newName(), { mode: 'shared' });
    const other = await acquire(suite.bob, name, { mode: 'shared' });
    const { body } = await breakLock(name, { fencing_token: token });
    expect(body).toMatchObject({ lease_count: 1, fencing_tokens: [token] });
    expect((await suite.alice.get(`/locks/${name}`)).body).toMatchObject({
      fencing_token: other.token,
      holder_count: 1,
    });
    await suite.expectRefusal('lock_not_found', () => breakLock(name, { fencing_token: token }));
  });

  test('ends a lease of several locks as a whole', async () => {
    const locks = [{ name: newName() }, { name: newName() }];
    await suite.alice.post('/leases', { ttl_seconds: 60, locks });
    expect((await breakLock(String(locks[1]?.name))).body).toMatchObject({ lease_count: 1 });
    for (const { name } of locks) expect(await statusOf(name)).toBe('available');
  });

  test('ignores the minimum, and starts the delay. Another one ends the delay', async () => {
    const { name } = await acquire(suite.alice, newName(), { min_hold_seconds: 60, lock_delay_seconds: 10 });
    await breakLock(name);
    const available_at = new Date(clock.wallMs() + 10_000).toISOString();
    expect((await suite.alice.get(`/locks/${name}`)).body).toMatchObject({ status: 'delayed', available_at });
    const again = await breakLock(name);
    expect(again.body).toMatchObject({ lease_count: 0, fencing_tokens: [], ended_delay: true });
    expect(await statusOf(name)).toBe('available');
  });

  test('of a lock that no one holds finds nothing', async () => {
    const { name, token } = await acquire(suite.alice, newName(), { ttl_seconds: 1 });
    clock.advance(1_001);
    for (const body of [{}, { fencing_token: token }]) {
      const reply = await suite.expectRefusal('lock_not_found', () => breakLock(name, body));
      expect(reply.body['details']).toContain(`"${name}"`);
    }
  });

  test.each([{ reason: '' }, { reason: 'x'.repeat(257) }, { reason: null }, { fencing_token: 0 }])(
    'with %j is refused',
    async (body) => {
      const { name } = await acquire(suite.alice);
      await suite.expectRefusal('validation_failed', () => breakLock(name, body));
    },
  );

  test('is for operators: the admin key, or the token of an admin', async () => {
    const { name } = await acquire(suite.alice);
    await suite.expectRefusal('admin_required', () => breakLock(name, {}, suite.alice));
    await suite.expectRefusal('unauthorized', () => breakLock(name, {}, suite.nobody));
    expect((await breakLock(name, {}, ada)).status).toBe(200);
  });
});

describe('410 lease_broken', () => {
  test('tells the former holder who broke the lease, when, and why', async () => {
    const { name, leaseId } = await acquire(suite.alice);
    await breakLock(name, {}, ada);
    const lease = { lease_id: leaseId };
    const calls = [
      () => suite.alice.post(`/locks/${name}/renew`, { ...lease, ttl_seconds: 60 }),
      () => suite.alice.post(`/locks/${name}/release`, lease),
      () => suite.alice.post(`/locks/${name}/convert`, { ...lease, mode: 'shared' }),
      () => suite.alice.post(`/locks/${name}/acquire`, { ...lease, ttl_seconds: 60 }),
      () => suite.alice.post('/leases', { ...lease, ttl_seconds: 60, locks: [{ name }] }),
      () => suite.alice.get(`/leases/${leaseId}`),
      () => suite.alice.post(`/leases/${leaseId}/renew`, { ttl_seconds: 60 }),
      () => suite.alice.delete(`/leases/${leaseId}`),
    ];
    const broken_at = new Date(clock.wallMs()).toISOString();
    for (const call of calls) {
      const { body } = await suite.expectRefusal('lease_broken', call);
      expect(body).toMatchObject({ reason, broken_by: 'Ada', broken_at });
    }
  });

  test('names the administrator if it was the admin key', async () => {
    const { name, leaseId } = await acquire(suite.alice);
    await breakLock(name);
    const reply = await suite.alice.get(`/leases/${leaseId}`);
    expectError(reply, 'lease_broken');
    expect(reply.body).toMatchObject({ broken_by: 'administrator' });
  });

  test('is the answer for the lease alone, and for its holder alone', async () => {
    const { name, leaseId } = await acquire(suite.alice);
    await breakLock(name);
    const renewal = { lease_id: leaseId, ttl_seconds: 60 };
    const other = newName();
    await suite.expectRefusal('lock_not_found', () => suite.alice.post(`/locks/${other}/renew`, renewal));
    await suite.expectRefusal('lock_not_found', () => suite.bob.post(`/locks/${name}/renew`, renewal));
    expect((await acquire(suite.alice, other, { lease_id: leaseId })).leaseId).toBe(leaseId);
    await acquire(suite.alice, name);
  });

  test('is the answer for an hour', async () => {
    const { name, leaseId } = await acquire(suite.alice);
    await breakLock(name);
    clock.advance(3_600_000);
    expectError(await suite.alice.get(`/leases/${leaseId}`), 'lease_broken');
    clock.advance(1);
    expectError(await suite.alice.get(`/leases/${leaseId}`), 'lock_not_found');
    expect((await acquire(suite.alice, name, { lease_id: leaseId })).leaseId).toBe(leaseId);
  });

  test('ends a wait that has the lease id of a broken lease for the same lock', async () => {
    const { name, leaseId } = await acquire(suite.alice);
    await breakLock(name);
    const body = { ttl_seconds: 60, lease_id: leaseId, wait_seconds: 60 };
    await suite.expectRefusal('lease_broken', () => suite.alice.post(`/locks/${name}/acquire`, body));
  });
});

describe('the event of a break', () => {
  async function watch(name: string, query: string): Promise<SseStream> {
    const url = `${suite.server.url}/locks/${name}/watch${query}`;
    const stream = await SseStream.open(url, { token: ALICE });
    await stream.next();
    return stream;
  }

  test('is "expired" with a cause, if you do not name "broken"', async () => {
    const { name } = await acquire(suite.alice);
    const stream = await watch(name, '');
    await breakLock(name, {}, ada);
    const { event, data } = await stream.next();
    expect(event).toBe('expired');
    expect(data).toEqual({
      event: 'expired',
      lock: name,
      holder_id: null,
      fencing_token: null,
      timestamp: expect.any(String),
      sequence: expect.any(Number),
      cause: 'broken',
      mode: 'exclusive',
    });
  });

  test('says who broke the lease and why, if you do', async () => {
    const { name, token } = await acquire(suite.alice);
    const stream = await watch(name, '?events=*,broken');
    await breakLock(name, {}, ada);
    const { event, data } = await stream.next();
    expect(event).toBe('broken');
    expect(data).toMatchObject({ event: 'broken', lock: name, holder_id: null, fencing_token: token });
    expect(data).toMatchObject({ reason, broken_by: 'Ada' });
    expect(data).not.toHaveProperty('cause');
  });
});
