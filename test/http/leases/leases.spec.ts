import { describe, expect, test } from 'vitest';
import type { Reply } from '../../../lab/kit/http/client.js';
import { ManualClock } from '../../support/manual-clock.js';
import type { CheckedClient } from '../../support/schema-client.js';
import { acquire, expectError, newLeaseId, newName, openSession, useServer } from '../suite.js';

const clock = new ManualClock();
const suite = useServer({ MAX_LOCKS_PER_USER: '50' }, clock);

interface Lock {
  readonly name: string;
  readonly mode?: string;
  readonly limit?: number;
  readonly permits?: number;
}

function ask(client: CheckedClient, locks: readonly Lock[], body: object = {}): Promise<Reply> {
  return client.post('/leases', { ttl_seconds: 60, locks, ...body });
}

function twoNames(): [{ name: string }, { name: string }] {
  return [{ name: newName('two') }, { name: newName('two') }];
}

async function statusOf({ name }: Lock): Promise<unknown> {
  return (await suite.bob.get(`/locks/${name}`)).body['status'];
}

async function drop(reply: Reply): Promise<void> {
  await suite.alice.delete(`/leases/${String(reply.body['lease_id'])}`);
}

describe('POST /leases', () => {
  test('grants all locks under one lease id and one fencing token', async () => {
    const [a, b] = twoNames();
    const pool = { name: newName('pool'), limit: 4, permits: 2 };
    const session_id = await openSession(suite.alice);
    const reply = await ask(suite.alice, [{ ...b, mode: 'shared' }, a, pool], { session_id, metadata: 'm' });
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual({
      status: 'acquired',
      lease_id: expect.any(String),
      fencing_token: expect.any(Number),
      expires_at: new Date(clock.wallMs() + 60_000).toISOString(),
      renew_after_ms: 20_000,
      holder: 'alice',
      holder_id: expect.any(String),
      metadata: 'm',
      session_id,
      locks: [
        { name: b.name, mode: 'shared' },
        { name: a.name, mode: 'exclusive' },
        { name: pool.name, mode: 'counted', limit: 4, permits: 2, slots: [0, 1] },
      ],
    });
    const { fencing_token, lease_id } = reply.body;
    for (const { name } of [a, b, pool]) {
      expect((await suite.alice.get(`/locks/${name}`)).body).toMatchObject({ fencing_token, lease_id });
    }
    await drop(reply);
  });

  test('grants nothing if one of the locks is held', async () => {
    const [a, b] = twoNames();
    await acquire(suite.bob, b.name);
    const reply = await suite.expectRefusal('lock_held', () => ask(suite.alice, [a, b]));
    expect(reply.body).toMatchObject({ lock: { name: b.name, holder: 'bob' } });
    expect(await statusOf(a)).toBe('available');
  });

  test('waits for all of them, and holds none meanwhile', async () => {
    const [a, b] = twoNames();
    const held = await acquire(suite.bob, b.name);
    const waiting = ask(suite.alice, [a, b], { wait_seconds: 60 });
    await expect.poll(async () => (await suite.bob.get(`/locks/${a.name}`)).body['waiters']).toBe(1);
    expect(await statusOf(a)).toBe('available');
    await suite.bob.post(`/locks/${b.name}/release`, { lease_id: held.leaseId });
    const reply = await waiting;
    expect(reply.body).toMatchObject({ status: 'acquired', locks: [{ name: a.name }, { name: b.name }] });
    await drop(reply);
  });

  test('after its wait says its place in line', async () => {
    const [a, b] = twoNames();
    await acquire(suite.bob, b.name, { ttl_seconds: 300 });
    const waiting = ask(suite.alice, [a, b], { wait_seconds: 5 });
    await expect.poll(async () => (await suite.bob.get(`/locks/${b.name}`)).body['waiters']).toBe(1);
    clock.advance(5_001);
    const reply = await waiting;
    expectError(reply, 'lock_held');
    expect(reply.body).toMatchObject({ position: 1, waiters: 0, lock: { name: b.name } });
  });

  test('with the same lease id returns the same lease, in any order of its locks', async () => {
    const [a, b] = twoNames();
    const lease_id = newLeaseId();
    const first = await ask(suite.alice, [a, b], { lease_id });
    const again = await ask(suite.alice, [a, b], { lease_id });
    expect(again.body).toMatchObject({
      status: 'held',
      lease_id,
      fencing_token: first.body['fencing_token'],
    });
    expect((await ask(suite.alice, [b, a], { lease_id })).body['status']).toBe('held');
    await drop(first);
  });

  test('with the same lease id and other locks is refused', async () => {
    const [a, b] = twoNames();
    const lease_id = newLeaseId();
    const first = await ask(suite.alice, [a, b], { lease_id });
    await suite.expectRefusal('lease_mismatch', () => ask(suite.alice, [a], { lease_id }));
    await drop(first);
  });

  test('counts each lock in the quota', async () => {
    const locks = Array.from({ length: 30 }, () => ({ name: newName('many') }));
    const first = await ask(suite.alice, locks);
    expect(first.status).toBe(200);
    const more = Array.from({ length: 32 }, () => ({ name: newName('many') }));
    await suite.expectRefusal('lock_limit_exceeded', () => ask(suite.alice, more));
    expect((await suite.nobody.get('/status')).body['locks_held']).toBeGreaterThanOrEqual(30);
    await drop(first);
  });

  const [name] = [newName('bad')];
  test.each<[string, unknown, string]>([
    ['no locks', [], 'locks must be a list of 1 to 32 objects.'],
    [
      '33 locks',
      Array.from({ length: 33 }, (_, index) => ({ name: `l${index}` })),
      'list of 1 to 32 objects',
    ],
    ['something else than a list', { name }, 'locks must be a list of 1 to 32 objects.'],
    ['something else than an object', [name], 'locks[0] must be an object.'],
    ['a lock without a name', [{ name }, {}], 'locks[1]: name must be a valid lock name.'],
    ['an invalid name', [{ name: '../a' }], 'locks[0]: name must be a valid lock name.'],
    ['an unknown field', [{ name, modes: 1 }], 'locks[0]: "modes" is not a known field. Leave it out.'],
    ['an unknown mode', [{ name, mode: 'x' }], 'locks[0]: mode must be "exclusive" or "shared".'],
    ['permits without a limit', [{ name, permits: 1 }], 'locks[0]: permits needs a limit.'],
    ['a lock twice', [{ name }, { name, mode: 'shared' }], `locks has "${name}" twice. List each lock once.`],
  ])('refuses %s', async (_, locks, details) => {
    const { body } = await suite.expectRefusal('validation_failed', () =>
      suite.alice.post('/leases', { ttl_seconds: 60, locks }),
    );
    expect(body['details']).toContain(details);
  });
});

describe('a lease of several locks', () => {
  test('is shown to its holder only', async () => {
    const [a, b] = twoNames();
    const granted = await ask(suite.alice, [a, b]);
    const path = `/leases/${String(granted.body['lease_id'])}`;
    clock.advance(10_000);
    const { body } = await suite.alice.get(path);
    expect(body).toEqual({ ...granted.body, status: 'held', renew_after_ms: 10_000 });
    await suite.expectRefusal('lock_not_found', () => suite.bob.get(path));
    await drop(granted);
  });

  test('is renewed as a whole, by its id', async () => {
    const [a, b] = twoNames();
    const granted = await ask(suite.alice, [a, b]);
    const path = `/leases/${String(granted.body['lease_id'])}`;
    const { body } = await suite.alice.post(`${path}/renew`, { ttl_seconds: 90 });
    const expires_at = new Date(clock.wallMs() + 90_000).toISOString();
    expect(body).toEqual({ ...granted.body, status: 'held', expires_at, renew_after_ms: 30_000 });
    for (const { name } of [a, b])
      expect((await suite.bob.get(`/locks/${name}`)).body).toMatchObject({ expires_at });
    await suite.expectRefusal('lock_not_found', () => suite.bob.post(`${path}/renew`, { ttl_seconds: 90 }));
    await drop(granted);
  });

  test('is renewed and released as a whole, by the name of one of its locks', async () => {
    const [a, b] = twoNames();
    const { body } = await ask(suite.alice, [a, b]);
    const lease = { lease_id: body['lease_id'] };
    const renewed = await suite.alice.post(`/locks/${b.name}/renew`, { ...lease, ttl_seconds: 90 });
    expect(renewed.body).toMatchObject({
      name: b.name,
      locks: [{ name: a.name, mode: 'exclusive' }, { name: b.name }],
    });
    expect((await suite.alice.post(`/locks/${b.name}/release`, lease)).body['status']).toBe('released');
    expect([await statusOf(a), await statusOf(b)]).toEqual(['available', 'available']);
  });

  test('is released as a whole, by its id', async () => {
    const [a, b] = twoNames();
    const { body } = await ask(suite.alice, [a, b]);
    const path = `/leases/${String(body['lease_id'])}`;
    await suite.expectRefusal('lock_not_found', () => suite.bob.delete(path));
    expect((await suite.alice.delete(path)).body).toEqual({ status: 'released', message: 'Lease released' });
    expect([await statusOf(a), await statusOf(b)]).toEqual(['available', 'available']);
    await suite.expectRefusal('lock_not_found', () => suite.alice.delete(path));
  });

  test('expires for all its locks', async () => {
    const [a, b] = twoNames();
    await ask(suite.alice, [a, b], { ttl_seconds: 1 });
    clock.advance(1_001);
    expect([await statusOf(a), await statusOf(b)]).toEqual(['available', 'available']);
  });
});

describe('a lease of one lock', () => {
  test('is found, renewed and released by its id too', async () => {
    const { name, leaseId, token } = await acquire(suite.alice);
    const lease = { lease_id: leaseId, fencing_token: token, locks: [{ name, mode: 'exclusive' }] };
    expect((await suite.alice.get(`/leases/${leaseId}`)).body).toMatchObject({ status: 'held', ...lease });
    const renewal = { ttl_seconds: 90 };
    expect((await suite.alice.post(`/leases/${leaseId}/renew`, renewal)).body).toMatchObject(lease);
    expect((await suite.alice.delete(`/leases/${leaseId.toUpperCase()}`)).status).toBe(200);
    expect(await statusOf({ name })).toBe('available');
  });

  test.each(['not-a-uuid', newLeaseId()])('is not found under the id %s', async (id) => {
    await suite.expectRefusal('lock_not_found', () => suite.alice.get(`/leases/${id}`));
    await suite.expectRefusal('lock_not_found', () => suite.alice.delete(`/leases/${id}`));
    await suite.expectRefusal('lock_not_found', () =>
      suite.alice.post(`/leases/${id}/renew`, { ttl_seconds: 60 }),
    );
  });
});

describe('409 ambiguous_lease_id', () => {
  test('answers an id of several leases. By the names of their locks they can be told apart', async () => {
    const lease_id = newLeaseId();
    const [one, other] = [
      await acquire(suite.alice, newName(), { lease_id }),
      await acquire(suite.alice, newName(), { lease_id }),
    ];
    const path = `/leases/${lease_id}`;
    const { headers } = await suite.expectRefusal('ambiguous_lease_id', () => suite.alice.get(path));
    expect(headers.get('retry-after')).toBeNull();
    await suite.expectRefusal('ambiguous_lease_id', () => suite.alice.delete(path));
    await suite.expectRefusal('ambiguous_lease_id', () =>
      suite.alice.post(`${path}/renew`, { ttl_seconds: 60 }),
    );
    expect((await suite.alice.post(`/locks/${one.name}/release`, { lease_id })).status).toBe(200);
    expect((await suite.alice.get(path)).body).toMatchObject({ locks: [{ name: other.name }] });
  });
});
