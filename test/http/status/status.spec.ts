import { expect, test } from 'vitest';
import { VERSION } from '../../../src/version.js';
import { ManualClock } from '../../support/manual-clock.js';
import { acquire, newName, openSession, useServer } from '../suite.js';

const clock = new ManualClock();
const suite = useServer({}, clock);

test('shows totals to anyone', async () => {
  const empty = await suite.nobody.get('/status');
  expect(empty.status).toBe(200);
  expect(empty.body).toEqual({
    service: 'OctoStore',
    version: VERSION,
    status: 'ready',
    role: 'leader',
    term: 1,
    database: 'sqlite',
    uptime_seconds: 0,
    locks_held: 0,
    sessions: 0,
    waiters: 0,
  });
  clock.advance(7_900);
  const { name } = await acquire(suite.alice);
  await acquire(suite.bob, newName(), { session_id: await openSession(suite.bob) });
  const waiting = suite.bob.post(`/locks/${name}/acquire`, { ttl_seconds: 1, wait_seconds: 5 });
  await expect.poll(async () => (await suite.nobody.get('/status')).body['waiters']).toBe(1);
  const { body } = await suite.nobody.get('/status');
  expect(body).toMatchObject({ uptime_seconds: 7, locks_held: 2, sessions: 1, waiters: 1 });
  clock.advance(5_001);
  expect((await waiting).status).toBe(409);
});

test('names no user and no lock', async () => {
  const { name } = await acquire(suite.alice);
  const text = JSON.stringify((await suite.nobody.get('/status')).body);
  for (const secret of [name, 'alice', suite.server.folder]) expect(text).not.toContain(secret);
});
