import type { DeliveryRow } from '../../src/journal/rows/delivery-row.js';
import type { LoggedEvent } from '../../src/journal/logged-event.js';
import { eventFromRow } from '../../src/journal/rows/event-columns.js';
import type { EventRow } from '../../src/journal/rows/event-row.js';
import type { LeaseRow } from '../../src/journal/rows/lease-row.js';
import type { Watermarks } from '../../src/journal/batch.js';
import { RowChanges } from '../../src/journal/row-changes.js';
import type { Tables } from '../../src/journal/tables.js';

export const WATERMARKS: Watermarks = {
  lastFencingToken: 7,
  lastSequence: 11,
  prunedThrough: 0,
  restoredAt: 0,
  lastInstant: 1_800_000_000_000,
  bootId: 'boot',
  monotonicOffset: -5,
  wallSkew: 3,
  graces: null,
};

export function leaseRow(fencingToken: number, more: Partial<LeaseRow> = {}): LeaseRow {
  return {
    fencingToken,
    lockName: `lock-${fencingToken}`,
    leaseId: `lease-${fencingToken}`,
    userId: 'ann',
    sessionId: null,
    ttlSeconds: 60,
    deadline: 1_800_000_060_000,
    metadata: null,
    terms: null,
    ...more,
  };
}

/** An event, given by the columns of its row. */
export function loggedEvent(sequence: number, more: Partial<EventRow> = {}): LoggedEvent {
  return eventFromRow({
    sequence,
    type: 'acquired',
    lockName: 'a/b',
    userId: 'ann',
    sessionId: null,
    fencingToken: sequence,
    expiresAt: 1_800_000_060_000,
    metadata: null,
    occurredAt: 1_800_000_000_000,
    details: null,
    ...more,
  });
}

export function deliveryRow(
  webhookId: string,
  sequence: number,
  more: Partial<DeliveryRow> = {},
): DeliveryRow {
  return {
    deliveryId: `${webhookId}-${sequence}`,
    webhookId,
    sequence,
    payload: '{"a":1}',
    state: 'pending',
    lane: 'ordered',
    deadReason: null,
    attempts: '[]',
    failures: 0,
    nextAttemptAt: null,
    createdAt: 1_800_000_000_000,
    ...more,
  };
}

/** The terms of a lease that has a permit of one lock, and shares another one. */
const TERMS = JSON.stringify({
  hold: { mode: 'counted', limit: 4, slots: [2] },
  others: [{ lockName: 'other', hold: { mode: 'shared' } }],
});

const DETAILS = JSON.stringify({ hold: { mode: 'shared' }, leaseLocks: ['a/b', 'other'] });

/** Two rows of each table: one with every optional column, and one without. */
export const SAMPLES: { [T in keyof Tables]: [Tables[T], Tables[T]] } = {
  leases: [leaseRow(1, { sessionId: 's', metadata: 'm', terms: TERMS }), leaseRow(2)],
  sessions: [
    { sessionId: 's1', userId: 'ann', ttlSeconds: 60, state: 'active', deadline: 5, madeWith: 'a1' },
    { sessionId: 's2', userId: 'ann', ttlSeconds: 60, state: 'expired', deadline: 6, madeWith: null },
  ],
  events: [
    loggedEvent(1, { sessionId: 's', metadata: 'm', details: DETAILS }),
    loggedEvent(2, { type: 'expired', expiresAt: null }),
  ],
  users: [
    { userId: 'u1', provider: 'github', subject: '42', login: 'ann', avatarUrl: 'https://a', createdAt: 1 },
    { userId: 'u2', provider: 'local', subject: 'local', login: 'local', avatarUrl: null, createdAt: 2 },
  ],
  tokens: [
    {
      tokenHash: 'f'.repeat(64),
      userId: 'u1',
      revokedAt: 9,
      createdAt: 1,
      kind: 'browser',
      userAgent: 'Firefox',
      address: '192.0.2.1',
      openedWith: 'o'.repeat(16),
      descendsFrom: 'd'.repeat(64),
      tokenId: 'a1',
      label: 'laptop',
      expiresAt: 1_900_000_000_000,
      lastUsedAt: 1_800_000_000_000,
      scopes: '[{"may":["acquire"],"on":["billing/*"]}]',
      exchanged: 1,
    },
    {
      tokenHash: 'e'.repeat(64),
      userId: 'u2',
      revokedAt: null,
      createdAt: 2,
      kind: null,
      userAgent: null,
      address: null,
      openedWith: null,
      descendsFrom: null,
      tokenId: null,
      label: null,
      expiresAt: null,
      lastUsedAt: null,
      scopes: null,
      exchanged: null,
    },
  ],
  login_pins: [
    { login: 'ada', subject: '42', createdAt: 1 },
    { login: 'bob', subject: '43', createdAt: 2 },
  ],
  webhooks: [
    {
      webhookId: 'w1',
      userId: 'u1',
      url: 'https://example.com/hook?a=1',
      sealedSecret: 'sealed',
      events: '["acquired"]',
      lockPattern: 'a/**',
      startsAfter: 3,
      disabledReason: 'gone',
      suspendedBy: 'operator',
      ordering: 'none',
      failingSince: 4,
      createdAt: 5,
      deletedAt: 6,
      madeWith: 'a1',
    },
    {
      webhookId: 'w2',
      userId: 'u1',
      url: 'https://example.com',
      sealedSecret: null,
      events: '[]',
      lockPattern: null,
      startsAfter: 0,
      disabledReason: null,
      suspendedBy: null,
      ordering: 'in_order',
      failingSince: null,
      createdAt: 5,
      deletedAt: null,
      madeWith: null,
    },
  ],
  deliveries: [
    deliveryRow('w1', 1, { state: 'dead', deadReason: 'backlog_full', nextAttemptAt: 8 }),
    deliveryRow('w1', 2),
  ],
  cursors: [
    { reader: 'webhooks', sequence: 3 },
    { reader: 'other', sequence: 0 },
  ],
  coolings: [
    { lockName: 'a/b', userId: 'u1', fencingToken: 7, until: 8 },
    { lockName: 'c', userId: 'u2', fencingToken: 9, until: 0 },
  ],
  broken_leases: [
    {
      fencingToken: 3,
      leaseId: 'lease-3',
      userId: 'u1',
      lockNames: '["a/b","c"]',
      brokenBy: 'u2',
      reason: 'stuck',
      brokenAt: 5,
    },
    {
      fencingToken: 4,
      leaseId: 'lease-4',
      userId: 'u1',
      lockNames: '["c"]',
      brokenBy: null,
      reason: '',
      brokenAt: 6,
    },
  ],
  fences: [
    { name: 'gpu/3', userId: 'u1', highest: 7 },
    { name: 'disk', userId: 'u2', highest: 0 },
  ],
  proof_keys: [
    { keyId: 'k1', publicKey: '{}', sealedPrivateKey: 'sealed', createdAt: 1, retiredAt: null },
    { keyId: 'k2', publicKey: '{}', sealedPrivateKey: null, createdAt: 1, retiredAt: 2 },
  ],
  used_states: [
    { stateHash: 'a1', expiresAt: 7 },
    { stateHash: 'b2', expiresAt: 0 },
  ],
  policies: [
    { version: 1, text: 'grants: []', appliedBy: 'u1', appliedAt: 5, afterSequence: 11 },
    { version: 2, text: null, appliedBy: null, appliedAt: 6, afterSequence: 12 },
  ],
  memberships: [
    {
      userId: 'u1',
      groups: '["org:acme"]',
      basis: 'group',
      state: 'active',
      credential: 'sealed',
      checkedAt: 5,
      afterSequence: 11,
    },
    {
      userId: 'u2',
      groups: '[]',
      basis: 'any',
      state: 'ended',
      credential: null,
      checkedAt: 6,
      afterSequence: 12,
    },
  ],
  service_accounts: [
    { userId: 'u3', owners: '["u1","u2"]' },
    { userId: 'u4', owners: '[]' },
  ],
  audit_records: [
    { number: 1, record: '{"number":1}', hash: 'a1' },
    { number: 2, record: '{"number":2}', hash: 'b2' },
  ],
};

/** Both samples of every table. */
export function allSamples(): RowChanges {
  const rows = new RowChanges();
  for (const row of SAMPLES.leases) rows.put('leases', row);
  for (const row of SAMPLES.sessions) rows.put('sessions', row);
  for (const row of SAMPLES.events) rows.append(row);
  for (const row of SAMPLES.users) rows.put('users', row);
  for (const row of SAMPLES.tokens) rows.put('tokens', row);
  for (const row of SAMPLES.login_pins) rows.put('login_pins', row);
  for (const row of SAMPLES.webhooks) rows.put('webhooks', row);
  for (const row of SAMPLES.deliveries) rows.put('deliveries', row);
  for (const row of SAMPLES.cursors) rows.put('cursors', row);
  for (const row of SAMPLES.coolings) rows.put('coolings', row);
  for (const row of SAMPLES.broken_leases) rows.put('broken_leases', row);
  for (const row of SAMPLES.fences) rows.put('fences', row);
  for (const row of SAMPLES.proof_keys) rows.put('proof_keys', row);
  for (const row of SAMPLES.used_states) rows.put('used_states', row);
  for (const row of SAMPLES.policies) rows.put('policies', row);
  for (const row of SAMPLES.memberships) rows.put('memberships', row);
  for (const row of SAMPLES.audit_records) rows.put('audit_records', row);
  for (const row of SAMPLES.service_accounts) rows.put('service_accounts', row);
  return rows;
}
