import { expect, test } from 'vitest';
import { applyPolicy, policyText, removePolicy } from '../access/policy-suite.js';
import { ManualClock } from '../../support/manual-clock.js';
import type { CheckedClient } from '../../support/schema-client.js';
import { acquire, expectError, newLeaseId, newName, useServer } from '../suite.js';

const clock = new ManualClock();
const suite = useServer({}, clock);

/** Joins the line of a lock. Returns a function that gives up the wait. */
async function join(client: CheckedClient, name: string, places: number): Promise<() => void> {
  const gone = new AbortController();
  const request = { ttl_seconds: 60, wait_seconds: 60, lease_id: newLeaseId() };
  client.post(`/locks/${name}/acquire`, request, { signal: gone.signal }).catch(() => undefined);
  await expect.poll(async () => (await client.get(`/queues/${name}`)).body['total']).toBe(places);
  return () => gone.abort();
}

async function longest(query: string): Promise<Record<string, unknown>> {
  const { status, body } = await suite.alice.get(`/queues?${query}`);
  expect(status).toBe(200);
  return body;
}

test('the longest lines are listed, with who holds the locks', async () => {
  const prefix = newName();
  const [short, long] = [`${prefix}/short`, `${prefix}/long`];
  for (const name of [short, long]) await acquire(suite.alice, name);
  clock.advance(9_000);
  const since = new Date(clock.wallMs()).toISOString();
  await join(suite.bob, short, 1);
  await join(suite.bob, long, 1);
  const leave = await join(suite.bob, long, 2);
  const [first, second] = [
    {
      name: long,
      waiters: 2,
      waiting_since: since,
      summary: 'alice has held it for 9 s. 2 requests are waiting.',
    },
    {
      name: short,
      waiters: 1,
      waiting_since: since,
      summary: 'alice has held it for 9 s. One request is waiting.',
    },
  ];
  expect(await longest(`prefix=${prefix}/`)).toEqual({ queues: [first, second], total: 2 });
  expect(await longest(`prefix=${prefix}/&limit=1`)).toEqual({ queues: [first], total: 2 });
  expect(await longest(`prefix=${prefix}/none`)).toEqual({ queues: [], total: 0 });
  leave();
  await expect
    .poll(async () => (await longest(`prefix=${long}`))['queues'])
    .toMatchObject([{ name: long, waiters: 1 }]);
});

test('locks that the policy hides are neither listed nor counted', async () => {
  const prefix = newName();
  const [seen, hidden] = [`${prefix}/seen`, `${prefix}/hidden`];
  for (const name of [seen, hidden]) {
    await acquire(suite.alice, name);
    await join(suite.alice, name, 1);
  }
  await applyPolicy(suite, policyText({ to: 'static:bob', may: 'observe', on: [seen] }));
  try {
    const { body } = await suite.bob.get(`/queues?prefix=${prefix}/`);
    expect(body).toMatchObject({ queues: [{ name: seen }], total: 1 });
  } finally {
    await removePolicy(suite);
  }
});

test.each(['limit=0', 'limit=101', 'limit=x', `prefix=${'x'.repeat(300)}`])(
  '%s is refused',
  async (query) => {
    expectError(await suite.alice.get(`/queues?${query}`), 'validation_failed');
  },
);
