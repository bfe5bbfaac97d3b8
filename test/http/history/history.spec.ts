import { describe, expect, test } from 'vitest';
import { EVENTS_READ_MAX } from '../../../src/history/lock-history.js';
import { ManualClock } from '../../support/manual-clock.js';
import type { CheckedClient } from '../../support/schema-client.js';
import { acquire, expectError, newName, openSession, useServer } from '../suite.js';

const clock = new ManualClock();
const suite = useServer({}, clock);

interface Page {
  readonly leases: readonly Readonly<Record<string, unknown>>[];
  readonly next_before: number | null;
}

async function historyOf(name: string, query = ''): Promise<Page> {
  const { status, body } = await suite.bob.get(`/history/${name}${query}`);
  expect(status).toBe(200);
  return body as unknown as Page;
}

function now(): string {
  return new Date(clock.wallMs()).toISOString();
}

/** Lets time pass until the lock is free. */
async function expire(name: string, afterMs: number): Promise<void> {
  clock.advance(afterMs);
  await expect.poll(async () => (await suite.bob.get(`/locks/${name}`)).body['status']).toBe('available');
}

async function renew(client: CheckedClient, name: string, lease_id: string): Promise<void> {
  const reply = await client.post(`/locks/${name}/renew`, { lease_id, ttl_seconds: 60 });
  expect(reply.status).toBe(200);
}

describe('GET /history/{name}', () => {
  test('shows a lease that goes on, with its tightest renewal', async () => {
    const acquiredAt = now();
    const { name, leaseId, token } = await acquire(suite.alice, `${newName()}/with/slashes`);
    clock.advance(20_000);
    await renew(suite.alice, name, leaseId);
    clock.advance(51_000);
    await renew(suite.alice, name, leaseId);
    const renewedAt = now();
    clock.advance(2_000);
    expect(await historyOf(name)).toEqual({
      name,
      leases: [
        {
          fencing_token: token,
          holder: 'alice',
          holder_id: expect.any(String),
          metadata: null,
          mode: 'exclusive',
          how: 'held',
          acquired_at: acquiredAt,
          ended_at: null,
          last_renewed_at: renewedAt,
          renewals: 2,
          least_margin_ms: 9_000,
          release_requests: [],
          summary: 'alice has held it for 1 min 13 s. At the tightest renewal, 9 s were left.',
        },
      ],
      next_before: null,
    });
    expect((await suite.bob.get(`/history/${encodeURIComponent(name)}`)).body).toMatchObject({ name });
  });

  test('shows how each lease ended, the latest grant first', async () => {
    const name = newName();
    const first = await acquire(suite.alice, name);
    clock.advance(5_000);
    await suite.alice.post(`/locks/${name}/release`, { lease_id: first.leaseId });
    await acquire(suite.alice, name);
    await expire(name, 61_000);
    const third = await acquire(suite.bob, name);
    clock.advance(30_000);
    await renew(suite.bob, name, third.leaseId);
    await expire(name, 61_000);
    const fourth = await acquire(suite.alice, name);
    clock.advance(7_000);
    await suite.operator.post(`/locks/${name}/break`, { reason: 'It hangs.', fencing_token: fourth.token });
    const { leases } = await historyOf(name);
    expect(leases).toMatchObject([
      { how: 'broken', reason: 'It hangs.', broken_by: 'administrator', ended_at: now() },
      { how: 'expired', renewals: 1, holder: 'bob' },
      { how: 'expired', renewals: 0, least_margin_ms: null },
      { how: 'released', fencing_token: first.token },
    ]);
    expect(leases.map(({ summary }) => summary)).toEqual([
      'alice held it for 7 s, until an administrator broke the lease: It hangs.',
      'bob held it for 1 min 31 s, and let it expire. The last renewal was 1 min 1 s before that.',
      'alice held it for 1 min 1 s, and let it expire. The lease was never renewed.',
      'alice held it for 5 s, and released it.',
    ]);
  });

  test('says when a session ended the lease', async () => {
    const name = newName();
    const session_id = await openSession(suite.alice, 10);
    await suite.alice.post(`/locks/${name}/acquire`, { ttl_seconds: 600, session_id });
    await expire(name, 11_000);
    const { leases } = await historyOf(name);
    expect(leases).toMatchObject([
      { how: 'session_expired', summary: expect.stringContaining('until its session expired.') },
    ]);
  });

  test('shows who asked for the lock', async () => {
    const { name } = await acquire(suite.alice);
    await suite.bob.post(`/locks/${name}/request-release`, { message: 'The report needs it.' });
    const { leases } = await historyOf(name);
    expect(leases).toMatchObject([
      { release_requests: [{ by: 'bob', message: 'The report needs it.', at: now() }] },
    ]);
  });

  test('shows each lease of a counted lock, and which slots it had', async () => {
    const name = newName();
    for (const client of [suite.alice, suite.bob])
      await client.post(`/locks/${name}/acquire`, { ttl_seconds: 60, limit: 3 });
    expect((await historyOf(name)).leases).toMatchObject([
      { holder: 'bob', mode: 'counted', limit: 3, slots: [1] },
      { holder: 'alice', mode: 'counted', limit: 3, slots: [0] },
    ]);
  });

  test('comes in pages', async () => {
    const name = newName();
    const tokens: number[] = [];
    for (let turn = 0; turn < 5; turn += 1) {
      const { leaseId, token } = await acquire(suite.alice, name);
      await suite.alice.post(`/locks/${name}/release`, { lease_id: leaseId });
      tokens.unshift(token);
    }
    const seen: unknown[] = [];
    for (let before: number | null = tokens[0] ?? null, query = '?limit=2'; before !== null;) {
      const { leases, next_before } = await historyOf(name, query);
      expect(leases.length).toBeLessThanOrEqual(2);
      seen.push(...leases.map(({ fencing_token }) => fencing_token));
      before = next_before;
      query = `?limit=2&before=${next_before}`;
    }
    expect(seen).toEqual(tokens);
  });

  test('knows when a lease began, however often it was renewed', async () => {
    const acquiredAt = now();
    const { name, leaseId } = await acquire(suite.alice);
    for (let turn = 0; turn <= EVENTS_READ_MAX; turn += 1) await renew(suite.alice, name, leaseId);
    expect(await historyOf(name)).toMatchObject({
      leases: [{ acquired_at: acquiredAt, renewals: EVENTS_READ_MAX }],
      next_before: expect.any(Number),
    });
  });

  test('is empty for a lock that no one has held', async () => {
    const name = newName();
    expect(await historyOf(name)).toEqual({ name, leases: [], next_before: null });
  });

  test.each(['?limit=0', '?limit=101', '?before=0', '?before=x', '?after=1'])('refuses %s', async (query) => {
    expectError(await suite.bob.get(`/history/a${query}`), 'validation_failed');
  });
});
