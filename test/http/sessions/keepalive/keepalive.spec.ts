import { expect, test } from 'vitest';
import { ManualClock } from '../../../support/manual-clock.js';
import { acquire, expectError, newLeaseId, newName, openSession, useServer } from '../../suite.js';

const clock = new ManualClock();
const suite = useServer({}, clock);

function keepAlive(id: string) {
  return suite.alice.post(`/sessions/${id}/keepalive`);
}

test('extends the session by its original duration from now', async () => {
  const id = await openSession(suite.alice, 30);
  clock.advance(20_000);
  const { status, body } = await keepAlive(id);
  expect(status).toBe(200);
  expect(body).toEqual({ session_id: id, expires_at: new Date(clock.wallMs() + 30_000).toISOString() });
});

test('keeps the leases of the session, up to their own TTL', async () => {
  const session_id = await openSession(suite.alice, 10);
  const { name } = await acquire(suite.alice, newName(), { session_id, ttl_seconds: 15 });
  clock.advance(9_000);
  await keepAlive(session_id);
  clock.advance(6_000);
  expect((await suite.bob.get(`/locks/${name}`)).body['status']).toBe('held');
  clock.advance(1);
  expect((await suite.bob.get(`/locks/${name}`)).body['status']).toBe('available');
  expect((await keepAlive(session_id)).status).toBe(200);
});

test('works in the last millisecond', async () => {
  const id = await openSession(suite.alice, 10);
  clock.advance(10_000);
  expect((await keepAlive(id)).status).toBe(200);
});

test('accepts the id in capitals, and any body', async () => {
  const id = await openSession(suite.alice);
  const { body } = await suite.alice.post(`/sessions/${id.toUpperCase()}/keepalive`, { anything: 1 });
  expect(body['session_id']).toBe(id);
});

test('410 session_expired for an hour after the session has expired', async () => {
  const id = await openSession(suite.alice, 10);
  clock.advance(10_001);
  expectError(await keepAlive(id), 'session_expired');
  clock.advance(3_590_000);
  expectError(await keepAlive(id), 'session_expired');
  clock.advance(20_000);
  await expect.poll(async () => (await keepAlive(id)).body['code']).toBe('session_not_found');
});

test.each([
  ['that never existed', newLeaseId()],
  ['that is not a UUID', 'mine'],
])('404 session_not_found for one %s', async (_, id) => {
  await suite.expectRefusal('session_not_found', () => keepAlive(id));
});

test('404 session_not_found for another user’s, alive or expired', async () => {
  const id = await openSession(suite.bob, 10);
  await suite.expectRefusal('session_not_found', () => keepAlive(id));
  clock.advance(5_000);
  await suite.expectRefusal('session_not_found', () => keepAlive(id));
  clock.advance(5_001);
  expectError(await keepAlive(id), 'session_not_found');
});

test('404 session_not_found for one that was terminated', async () => {
  const id = await openSession(suite.alice);
  await suite.alice.delete(`/sessions/${id}`);
  await suite.expectRefusal('session_not_found', () => keepAlive(id));
});

test('callers without a valid token are refused', async () => {
  const id = await openSession(suite.alice);
  await suite.expectRefusal('unauthorized', () => suite.nobody.post(`/sessions/${id}/keepalive`));
});
