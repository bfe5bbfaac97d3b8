import { afterEach, expect, test } from 'vitest';
import { BOB } from '../../support/server.js';
import { SseStream } from '../../support/sse.js';
import { acquire, expectError, newName, useServer } from '../suite.js';
import { applyPolicy, policyText, removePolicy } from './policy-suite.js';

const suite = useServer({ MAX_LOCKS_PER_USER: '2000' });

afterEach(() => removePolicy(suite));

test('a break is refused without the names of hidden locks of the lease', async () => {
  const [own, seen, hidden] = [newName(), newName(), newName()];
  await applyPolicy(
    suite,
    policyText(
      { to: 'static:bob', may: 'break', on: [own] },
      { to: 'static:bob', may: 'observe', on: [seen] },
    ),
  );
  const holdAll = (...names: string[]) =>
    suite.alice.post('/leases', { locks: names.map((name) => ({ name })), ttl_seconds: 60 });
  const first = await holdAll(own, seen, hidden);
  const refused = await suite.bob.post(`/locks/${own}/break`, { reason: 'stuck' });
  expectError(refused, 'forbidden');
  expect(refused.body['details']).toContain(`A lease of "${own}" also holds locks that you may not see`);
  expect(JSON.stringify(refused.body)).not.toContain(hidden);

  await suite.alice.delete(`/leases/${String(first.body['lease_id'])}`);
  await holdAll(own, seen);
  const named = await suite.bob.post(`/locks/${own}/break`, { reason: 'stuck' });
  expectError(named, 'forbidden');
  expect(named.body['details']).toContain(`No grant lets you break the lock "${seen}"`);
});

test('the cursor of a list does not say whether hidden locks follow', async () => {
  const prefix = newName();
  const visible = [`${prefix}/a`, `${prefix}/b`, `${prefix}/y`];
  await applyPolicy(suite, policyText({ to: 'static:bob', may: 'observe', on: visible }));
  const list = async (): Promise<unknown[]> => {
    const { body } = await suite.bob.get(`/locks?prefix=${prefix}/&limit=2`);
    return [body['total'], body['next_cursor']];
  };
  for (const name of [`${prefix}/a`, `${prefix}/b`]) await acquire(suite.alice, name);
  expect(await list()).toEqual([2, null]);
  for (const name of [`${prefix}/aa`, `${prefix}/x`]) await acquire(suite.alice, name);
  expect(await list()).toEqual([2, null]);
  await acquire(suite.alice, `${prefix}/y`);
  expect(await list()).toEqual([2, expect.any(String)]);
});

test('a list and a stream show the few of very many locks that may be seen', async () => {
  const prefix = newName();
  const visible = [`${prefix}/a`, `${prefix}/z`];
  await applyPolicy(suite, policyText({ to: 'static:bob', may: 'observe', on: visible }));
  for (const name of visible) await acquire(suite.alice, name);
  for (let lease = 0; lease < 20; lease += 1) {
    const locks = Array.from({ length: 32 }, (_, index) => ({ name: `${prefix}/m/${lease}/${index}` }));
    expect((await suite.alice.post('/leases', { locks, ttl_seconds: 60 })).status).toBe(200);
  }
  const { body } = await suite.bob.get(`/locks?prefix=${prefix}/`);
  const names = (listed: unknown) => (listed as { name: string }[]).map(({ name }) => name);
  expect([names(body['locks']), body['next_cursor']]).toEqual([visible, null]);

  const stream = await SseStream.open(`${suite.server.url}/watch?prefix=${prefix}/`, { token: BOB });
  const { data } = await stream.next();
  expect([names(data['locks']), data['complete']]).toEqual([visible, true]);
});
