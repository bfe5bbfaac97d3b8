import { expect, test } from 'vitest';
import { ManualClock } from '../../../support/manual-clock.js';
import { acquire, expectError, newLeaseId, newName, openSession, useServer } from '../../suite.js';

const clock = new ManualClock();
const suite = useServer({}, clock);

test('describes the session', async () => {
  const id = await openSession(suite.alice, 30);
  const { status, body } = await suite.alice.get(`/sessions/${id}`);
  expect(status).toBe(200);
  expect(body).toEqual({
    session_id: id,
    user_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    expires_at: new Date(clock.wallMs() + 30_000).toISOString(),
    lock_count: 0,
    active: true,
  });
});

test('user_id is the holder_id of its locks', async () => {
  const session_id = await openSession(suite.alice);
  const { name } = await acquire(suite.alice, newName(), { session_id });
  const { body } = await suite.alice.get(`/sessions/${session_id}`);
  expect(body['user_id']).toBe((await suite.bob.get(`/locks/${name}`)).body['holder_id']);
});

test('lock_count counts the active leases', async () => {
  const session_id = await openSession(suite.alice);
  const count = async () => (await suite.alice.get(`/sessions/${session_id}`)).body['lock_count'];
  const { name, leaseId } = await acquire(suite.alice, newName(), { session_id });
  await acquire(suite.alice, newName(), { session_id, ttl_seconds: 1 });
  await acquire(suite.alice);
  expect(await count()).toBe(2);
  clock.advance(1001);
  expect(await count()).toBe(1);
  await suite.alice.post(`/locks/${name}/release`, { lease_id: leaseId });
  expect(await count()).toBe(0);
});

test('a request for the status does not keep a session alive', async () => {
  const id = await openSession(suite.alice, 10);
  clock.advance(6_000);
  await suite.alice.get(`/sessions/${id}`);
  clock.advance(4_001);
  expectError(await suite.alice.get(`/sessions/${id}`), 'session_expired');
});

test('accepts the id in capitals', async () => {
  const id = await openSession(suite.alice);
  expect((await suite.alice.get(`/sessions/${id.toUpperCase()}`)).body['session_id']).toBe(id);
});

test.each([
  ['that never existed', newLeaseId()],
  ['that is not a UUID', 'mine'],
  ['with something after it', `${newLeaseId()}%20`],
])('404 session_not_found for one %s', async (_, id) => {
  await suite.expectRefusal('session_not_found', () => suite.alice.get(`/sessions/${id}`));
});

test("404 session_not_found for another user's", async () => {
  const id = await openSession(suite.bob);
  await suite.expectRefusal('session_not_found', () => suite.alice.get(`/sessions/${id}`));
});

test('callers without a valid token are refused', async () => {
  const id = await openSession(suite.alice);
  await suite.expectRefusal('unauthorized', () => suite.nobody.get(`/sessions/${id}`));
});
