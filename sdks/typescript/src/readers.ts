import type { Fields } from './fields.js';
import { readHold } from './lock-readers.js';
import { oneOf } from './one-of.js';
import type {
  CreatedSession,
  Deliveries,
  Delivery,
  DeliveryAttempt,
  KeptSession,
  LockEvent,
  LockEventType,
  SessionStatus,
  StatusCounters,
  Webhook,
  WebhookTest,
} from './types.js';

/** Each function reads one kind of object from the server, and throws `TypeError` if it is not that. */

/** The types of events that this version knows. */
export const LOCK_EVENT_TYPES: readonly LockEventType[] = [
  'acquired',
  'released',
  'renewed',
  'expired',
  'broken',
  'release_requested',
  'warning',
];

export function readCreatedSession(fields: Fields): CreatedSession {
  return { ...readKeptSession(fields), keepaliveIntervalSecs: fields.number('keepalive_interval_secs') };
}

export function readKeptSession(fields: Fields): KeptSession {
  return { sessionId: fields.text('session_id'), expiresAt: fields.date('expires_at') };
}

export function readSessionStatus(fields: Fields): SessionStatus {
  return {
    ...readKeptSession(fields),
    userId: fields.text('user_id'),
    lockCount: fields.number('lock_count'),
    active: fields.flag('active'),
  };
}

export function readStatusCounters(fields: Fields): StatusCounters {
  return {
    service: fields.text('service'),
    version: fields.text('version'),
    status: fields.text('status'),
    uptimeSeconds: fields.number('uptime_seconds'),
    locksHeld: fields.number('locks_held'),
    sessions: fields.number('sessions'),
    waiters: fields.number('waiters'),
  };
}

export function readLockEvent(fields: Fields): LockEvent {
  const event = oneOf<LockEventType>(fields.text('event'), LOCK_EVENT_TYPES);
  return {
    event,
    lock: fields.text('lock'),
    holderId: fields.textOrNull('holder_id'),
    fencingToken: fields.numberOrNull('fencing_token'),
    timestamp: fields.date('timestamp'),
    sequence: fields.number('sequence'),
    ...readHold(fields),
    ...(fields.has('lease_locks') ? { leaseLocks: fields.texts('lease_locks') } : {}),
    ...readParticulars(event, fields),
  };
}

/** What only events of this type have. */
function readParticulars(event: LockEventType, fields: Fields): Partial<LockEvent> {
  switch (event) {
    case 'acquired':
    case 'renewed':
      return readLiveLease(fields);
    case 'release_requested':
      return {
        ...readLiveLease(fields),
        requestedBy: fields.text('requested_by'),
        message: fields.textOrNull('message'),
      };
    case 'warning':
      return {
        warning: fields.text('warning'),
        summary: fields.text('summary'),
        holder: fields.optionalText('holder'),
      };
    case 'broken':
      return { reason: fields.text('reason'), brokenBy: fields.text('broken_by') };
    case 'expired':
      return fields.optionalText('cause') === 'broken' ? { cause: 'broken' } : {};
    default:
      return {};
  }
}

function readLiveLease(fields: Fields): Partial<LockEvent> {
  return {
    expiresAt: fields.date('expires_at'),
    metadata: fields.textOrNull('metadata'),
    holder: fields.optionalText('holder'),
  };
}

export function readWebhook(fields: Fields): Webhook {
  const active = fields.flag('active');
  return {
    id: fields.text('id'),
    userId: fields.text('user_id'),
    url: fields.text('url'),
    secret: fields.textOrNull('secret'),
    events: fields.texts('events'),
    lockPattern: fields.textOrNull('lock_pattern'),
    createdAt: fields.date('created_at'),
    // Servers of version 1.0 have neither ordering nor suspension.
    ordering: fields.optionalText('ordering') ?? 'in_order',
    status: fields.optionalText('status') ?? (active ? 'active' : 'disabled'),
    active,
    suspendedBy: fields.textOrNull('suspended_by'),
    disabledReason: fields.textOrNull('disabled_reason'),
  };
}

export function readWebhookTest(fields: Fields): WebhookTest {
  return {
    id: fields.text('id'),
    delivered: fields.flag('delivered'),
    status: fields.numberOrNull('status'),
    error: fields.textOrNull('error'),
    durationMs: fields.number('duration_ms'),
  };
}

export function readDeliveries(fields: Fields): Deliveries {
  return {
    deliveries: fields.objects('deliveries').map(readDelivery),
    nextBefore: fields.numberOrNull('next_before'),
  };
}

export function readDelivery(fields: Fields): Delivery {
  return {
    id: fields.text('id'),
    webhookId: fields.text('webhook_id'),
    state: oneOf(fields.text('state'), ['pending', 'delivered', 'dead'] as const),
    deadReason: fields.textOrNull('dead_reason'),
    payload: readLockEvent(fields.object('payload')),
    attempts: fields.objects('attempts').map(readAttempt),
    nextAttemptAt: fields.optionalDate('next_attempt_at'),
    createdAt: fields.date('created_at'),
  };
}

function readAttempt(fields: Fields): DeliveryAttempt {
  return {
    at: fields.date('at'),
    status: fields.numberOrNull('status'),
    error: fields.textOrNull('error'),
    durationMs: fields.number('duration_ms'),
  };
}
