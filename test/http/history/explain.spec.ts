import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../support/manual-clock.js';
import type { CheckedClient } from '../../support/schema-client.js';
import { acquire, newLeaseId, newName, useServer } from '../suite.js';

const clock = new ManualClock();
const suite = useServer({ MAX_LOCKS_PER_USER: '1000' }, clock);

type Explanation = Readonly<Record<string, unknown>> & {
  readonly line: readonly Readonly<Record<string, unknown>>[];
};

async function explain(name: string): Promise<Explanation> {
  const { status, body } = await suite.bob.get(`/explain/${name}`);
  expect(status).toBe(200);
  return body as unknown as Explanation;
}

/** Joins the line of a lock. Resolves once it has this many places. Returns a function that gives up the wait. */
async function join(
  client: CheckedClient,
  name: string,
  places: number,
  body: object = {},
): Promise<() => void> {
  const gone = new AbortController();
  const request = { ttl_seconds: 60, wait_seconds: 60, lease_id: newLeaseId(), ...body };
  client.post(`/locks/${name}/acquire`, request, { signal: gone.signal }).catch(() => undefined);
  await expect.poll(async () => (await suite.bob.get(`/queues/${name}`)).body['total']).toBe(places);
  return () => gone.abort();
}

/** Holds the lock for some seconds. */
async function hold(name: string, seconds: number): Promise<void> {
  const { leaseId } = await acquire(suite.alice, name);
  clock.advance(seconds * 1000);
  await suite.alice.post(`/locks/${name}/release`, { lease_id: leaseId });
}

describe('GET /explain/{name}', () => {
  test('says who holds the lock, and what the requests in line wait for', async () => {
    const { name, token } = await acquire(suite.alice, `${newName()}/with/slashes`);
    clock.advance(12_000);
    await join(suite.bob, name, 1);
    await join(suite.bob, name, 2, { mode: 'shared' });
    const explanation = await explain(name);
    expect(explanation).toMatchObject({
      name,
      status: 'held',
      holder_count: 1,
      waiters: 2,
      holders: [
        {
          holder: 'alice',
          fencing_token: token,
          how: 'held',
          renewals: 0,
          expires_at: new Date(clock.wallMs() + 48_000).toISOString(),
          summary: 'alice has held it for 12 s.',
        },
      ],
      ended: [],
      typical_hold: null,
      summary: 'alice has held it for 12 s. 2 requests are waiting.',
    });
    expect(explanation.line).toMatchObject([
      { position: 1, holder: 'bob', mode: 'exclusive', reason: 'held', summary: 'waits for alice' },
      { position: 2, mode: 'shared', reason: 'held', expected_in_ms: null },
    ]);
  });

  test('says behind whom a request waits that would go with the holders', async () => {
    const { name } = await acquire(suite.alice, newName(), { mode: 'shared' });
    await acquire(suite.bob, name, { mode: 'shared' });
    await join(suite.alice, name, 1, { lease_id: newLeaseId() });
    await join(suite.bob, name, 2, { mode: 'shared', lease_id: newLeaseId() });
    const { line, summary } = await explain(name);
    expect(summary).toBe('alice and bob hold it together. 2 requests are waiting.');
    expect(line).toMatchObject([
      { reason: 'held', summary: 'waits for alice and bob' },
      { reason: 'behind', summary: 'waits behind alice, who wants it alone' },
    ]);
  });

  test('says that too few permits are free', async () => {
    const { name } = await acquire(suite.alice, newName(), { limit: 4, permits: 3 });
    await join(suite.bob, name, 1, { limit: 4, permits: 2 });
    await join(suite.bob, name, 2, { limit: 4, permits: 1, lease_id: newLeaseId() });
    expect((await explain(name)).line).toMatchObject([
      { mode: 'counted', limit: 4, permits: 2, reason: 'held' },
      { reason: 'behind', summary: 'waits behind bob, who wants 2 permits' },
    ]);
  });

  test('says that a request waits for another of its locks', async () => {
    const other = await acquire(suite.alice);
    const name = newName();
    const locks = [{ name }, { name: other.name }];
    suite.bob
      .post('/leases', { ttl_seconds: 60, wait_seconds: 60, lease_id: newLeaseId(), locks })
      .catch(() => undefined);
    await expect.poll(async () => (await suite.bob.get(`/queues/${name}`)).body['total']).toBe(1);
    expect(await explain(name)).toMatchObject({
      status: 'available',
      line: [{ reason: 'other_lock', summary: 'waits for another lock of its request' }],
      summary: 'No one holds it. One request is waiting.',
    });
  });

  test('says that a place is only kept', async () => {
    const { name } = await acquire(suite.alice);
    const leave = await join(suite.bob, name, 1);
    leave();
    await expect.poll(async () => (await explain(name)).line[0]?.['reason']).toBe('kept');
    expect(await explain(name)).toMatchObject({
      waiters: 0,
      line: [{ summary: 'its place is kept, but no one is asking', expected_in_ms: null }],
    });
  });

  test('says until when a free lock is kept from everyone, and why it was lost', async () => {
    const { name, leaseId } = await acquire(suite.alice, newName(), { min_hold_seconds: 30 });
    clock.advance(10_000);
    await suite.alice.post(`/locks/${name}/release`, { lease_id: leaseId });
    const until = new Date(clock.wallMs() + 20_000).toISOString();
    await join(suite.bob, name, 1);
    expect(await explain(name)).toMatchObject({
      status: 'delayed',
      available_at: until,
      line: [{ reason: 'delayed' }],
      ended: [{ how: 'released' }],
      summary:
        `No one holds it, and it is kept from everyone until ${until}. One request is waiting. ` +
        'Before: alice held it for 10 s, and released it.',
    });
  });

  test('tells when each place is likely to be served, from how long leases usually take', async () => {
    const name = newName();
    for (const seconds of [5, 40, 10, 10, 20]) await hold(name, seconds);
    await acquire(suite.alice, name);
    clock.advance(4_000);
    await join(suite.bob, name, 1);
    await join(suite.bob, name, 2, { lease_id: newLeaseId() });
    expect(await explain(name)).toMatchObject({
      typical_hold: { count: 5, median_ms: 10_000, p95_ms: 40_000 },
      line: [{ expected_in_ms: 6_000 }, { expected_in_ms: 16_000 }],
    });
    expect((await explain(name))['ended']).toHaveLength(3);
  });

  test('tells how long requests usually wait until they get the lock', async () => {
    const name = newName();
    for (const seconds of [3, 9, 6]) {
      const { leaseId } = await acquire(suite.alice, name);
      const body = { ttl_seconds: 60, wait_seconds: 60 };
      const waiting = suite.bob.post(`/locks/${name}/acquire`, body);
      await expect.poll(async () => (await suite.bob.get(`/queues/${name}`)).body['total']).toBe(1);
      clock.advance(seconds * 1000);
      await suite.alice.post(`/locks/${name}/release`, { lease_id: leaseId });
      const { lease_id } = (await waiting).body;
      await suite.bob.post(`/locks/${name}/release`, { lease_id });
    }
    expect(await explain(name)).toMatchObject({
      typical_wait: { count: 3, median_ms: 6_000, p95_ms: 9_000 },
    });
  });

  test('counts the time before a client asked again for the place that was kept', async () => {
    const { name, leaseId } = await acquire(suite.alice);
    const asked = { lease_id: newLeaseId() };
    const leave = await join(suite.bob, name, 1, asked);
    clock.advance(4_000);
    leave();
    await expect.poll(async () => (await explain(name)).line[0]?.['reason']).toBe('kept');
    await join(suite.bob, name, 1, asked);
    await expect.poll(async () => (await explain(name)).line[0]?.['reason']).toBe('held');
    clock.advance(3_000);
    await suite.alice.post(`/locks/${name}/release`, { lease_id: leaseId });
    await expect
      .poll(async () => (await explain(name))['typical_wait'])
      .toEqual({ count: 1, median_ms: 7_000, p95_ms: 7_000 });
  });

  test('warns of a holder that renews late, until it renews in good time', async () => {
    const { name, leaseId } = await acquire(suite.alice, newName(), { ttl_seconds: 30 });
    const renewAfter = async (ms: number): Promise<unknown> => {
      clock.advance(ms);
      await suite.alice.post(`/locks/${name}/renew`, { lease_id: leaseId, ttl_seconds: 30 });
      return (await explain(name))['warnings'];
    };
    expect(await renewAfter(24_000)).toEqual([]);
    expect(await renewAfter(24_001)).toEqual([
      { kind: 'renews_late', summary: 'alice last renewed it with only 5 s of 30 s left.' },
    ]);
    expect(await renewAfter(10_000)).toEqual([]);
    await renewAfter(28_000);
    await suite.alice.post(`/locks/${name}/release`, { lease_id: leaseId });
    expect((await explain(name))['warnings']).toEqual([]);
  });

  test('warns of a lock that changes hands much more often than is usual, until that is usual', async () => {
    const name = newName();
    for (let times = 0; times < 20; times += 1) await hold(name, 60);
    expect((await explain(name))['warnings']).toEqual([]);
    for (let times = 0; times < 20; times += 1) await hold(name, 1);
    expect((await explain(name))['warnings']).toMatchObject([
      {
        kind: 'changes_hands_often',
        summary: expect.stringMatching(/^Lately it was granted every \d+ s, and before that every \d+ s\.$/),
      },
    ]);
    for (let times = 0; times < 20; times += 1) await hold(name, 60);
    expect((await explain(name))['warnings']).toEqual([]);
  });

  test('answers for a lock that no one has held', async () => {
    const name = newName();
    expect(await explain(name)).toEqual({
      name,
      status: 'available',
      holders: [],
      holder_count: 0,
      waiters: 0,
      line: [],
      ended: [],
      typical_hold: null,
      typical_wait: null,
      warnings: [],
      summary: 'No one holds it. No one is waiting.',
    });
  });
});
