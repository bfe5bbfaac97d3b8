import { expect, test } from 'vitest';
import type { UserId } from '../../../src/core/model/ids.js';
import { EventPayloads } from '../../../src/webhooks/delivery/event-payloads.js';
import { openAccess } from '../../support/access.js';
import { loggedEvent } from '../../support/store-rows.js';

const owner = { userId: 'ann' as UserId, scope: null };

function payloadOf(details: object | null, type: 'acquired' | 'expired' = 'acquired'): unknown {
  const event = loggedEvent(7, { type, details: details === null ? null : JSON.stringify(details) });
  return JSON.parse(new EventPayloads((userId) => `login of ${userId}`, openAccess()).of(event, type, owner));
}

const COUNTED = { mode: 'counted', limit: 4, slots: [1, 2] };

test('an event of an exclusive lock says its mode, and nothing of slots or other locks', () => {
  const payload = payloadOf(null);
  expect(payload).toMatchObject({ lock: 'a/b', mode: 'exclusive' });
  for (const field of ['limit', 'slots', 'lease_locks']) expect(payload).not.toHaveProperty(field);
});

test('an event of a counted lock says its limit and its slots', () => {
  const payload = payloadOf({ hold: COUNTED, leaseLocks: ['a/b'] });
  expect(payload).toMatchObject({ mode: 'counted', limit: 4, slots: [1, 2] });
  expect(payload).not.toHaveProperty('lease_locks');
});

test('an event of a lease of several locks names them', () => {
  const payload = payloadOf({ hold: { mode: 'exclusive' }, leaseLocks: ['b', 'a/b'] });
  expect(payload).toMatchObject({ mode: 'exclusive', lease_locks: ['b', 'a/b'] });
});

test('the end of a lease has its token only if others may still hold the lock', () => {
  expect(payloadOf(null, 'expired')).toMatchObject({ holder_id: null, fencing_token: null });
  const shared = payloadOf({ hold: { mode: 'shared' }, leaseLocks: ['a/b'] }, 'expired');
  expect(shared).toMatchObject({ mode: 'shared', holder_id: null, fencing_token: 7 });
});
