import { expect, test } from 'vitest';
import { ManualClock } from '../../../support/manual-clock.js';
import { acquire, expectError, newLeaseId, newName, openSession, useServer } from '../../suite.js';

const clock = new ManualClock();
const suite = useServer({}, clock);

test('ends the session, with an empty answer', async () => {
  const id = await openSession(suite.alice);
  const { status, body, headers } = await suite.alice.delete(`/sessions/${id}`);
  expect(status).toBe(204);
  expect(body).toEqual({ text: '' });
  expect(headers.get('content-type')).toBeNull();
  expectError(await suite.alice.get(`/sessions/${id}`), 'session_not_found');
});

test('releases its locks at once, and no others', async () => {
  const session_id = await openSession(suite.alice);
  const other = await openSession(suite.alice);
  const first = await acquire(suite.alice, newName(), { session_id });
  const second = await acquire(suite.alice, newName(), { session_id });
  const stranger = await acquire(suite.alice, newName(), { session_id: other });
  const outside = await acquire(suite.alice);
  await suite.alice.delete(`/sessions/${session_id}`);
  for (const { name } of [first, second])
    expect((await suite.bob.get(`/locks/${name}`)).body['status']).toBe('available');
  for (const { name } of [stranger, outside])
    expect((await suite.bob.get(`/locks/${name}`)).body['status']).toBe('held');
});

test('the ended leases can be neither renewed nor released', async () => {
  const session_id = await openSession(suite.alice);
  const { name, leaseId } = await acquire(suite.alice, newName(), { session_id });
  await suite.alice.delete(`/sessions/${session_id}`);
  const renewal = { lease_id: leaseId, ttl_seconds: 60 };
  expectError(await suite.alice.post(`/locks/${name}/renew`, renewal), 'lock_not_found');
  expectError(await suite.alice.post(`/locks/${name}/release`, { lease_id: leaseId }), 'lock_not_found');
});

test('404 session_not_found the second time', async () => {
  const id = await openSession(suite.alice);
  await suite.alice.delete(`/sessions/${id}`);
  await suite.expectRefusal('session_not_found', () => suite.alice.delete(`/sessions/${id}`));
});

test.each([
  ['that never existed', newLeaseId()],
  ['that is not a UUID', 'mine'],
])('404 session_not_found for one %s', async (_, id) => {
  await suite.expectRefusal('session_not_found', () => suite.alice.delete(`/sessions/${id}`));
});

test('404 session_not_found for another user’s, which stays alive', async () => {
  const id = await openSession(suite.bob);
  await suite.expectRefusal('session_not_found', () => suite.alice.delete(`/sessions/${id}`));
  expect((await suite.bob.get(`/sessions/${id}`)).body['active']).toBe(true);
});

test('410 session_expired for one that has expired', async () => {
  const id = await openSession(suite.alice, 10);
  clock.advance(10_001);
  expectError(await suite.alice.delete(`/sessions/${id}`), 'session_expired');
});

test('callers without a valid token are refused', async () => {
  const id = await openSession(suite.alice);
  await suite.expectRefusal('unauthorized', () => suite.nobody.delete(`/sessions/${id}`));
});
