import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../support/manual-clock.js';
import type { CheckedClient } from '../../support/schema-client.js';
import { acquire, expectError, newName, openSession, useServer } from '../suite.js';

const clock = new ManualClock();
const suite = useServer({}, clock);

interface History {
  readonly leases: readonly Readonly<Record<string, unknown>>[];
}

async function historyOf(name: string, query = ''): Promise<History> {
  const { status, body } = await suite.bob.get(`/history/${name}${query}`);
  expect(status).toBe(200);
  return body as unknown as History;
}

function now(): string {
  return new Date(clock.wallMs()).toISOString();
}

/** Lets time pass until the lease has ended, and its end is in the log. */
async function expire(name: string, afterMs: number): Promise<void> {
  clock.advance(afterMs);
  await expect.poll(async () => (await historyOf(name)).leases[0]?.['how']).not.toBe('held');
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

  test('has as many leases as were asked for, the latest ones', async () => {
    const name = newName();
    for (const metadata of ['one', 'two', 'three']) {
      const { leaseId } = await acquire(suite.alice, name, { metadata });
      await suite.alice.post(`/locks/${name}/release`, { lease_id: leaseId });
    }
    expect((await historyOf(name, '?limit=2')).leases).toMatchObject([
      { metadata: 'three' },
      { metadata: 'two' },
    ]);
  });

  test('is empty for a lock that no one has held', async () => {
    const name = newName();
    expect(await historyOf(name)).toEqual({ name, leases: [] });
  });

  test.each(['?limit=0', '?limit=101', '?limit=x', '?before=1'])('refuses %s', async (query) => {
    expectError(await suite.bob.get(`/history/a${query}`), 'validation_failed');
  });
});
