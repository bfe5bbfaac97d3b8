import type { LockMode } from './lock-types.js';

export interface CreatedSession {
  readonly sessionId: string;
  readonly expiresAt: Date;
  /** The interval between keepalives that the server recommends, in seconds. */
  readonly keepaliveIntervalSecs: number;
}

export interface KeptSession {
  readonly sessionId: string;
  readonly expiresAt: Date;
}

export interface SessionStatus extends KeptSession {
  readonly userId: string;
  /** Number of locks that the session holds. */
  readonly lockCount: number;
  readonly active: boolean;
}

export interface StatusCounters {
  readonly service: string;
  readonly version: string;
  readonly status: string;
  readonly uptimeSeconds: number;
  readonly locksHeld: number;
  readonly sessions: number;
  readonly waiters: number;
}

/** You get `broken`, `release_requested` and `warning` only if you name them. Without `broken`, a broken lease is `expired`. */
export type LockEventType =
  'acquired' | 'released' | 'renewed' | 'expired' | 'broken' | 'release_requested' | 'warning';

/** A type of event, or `*` for `acquired`, `released`, `renewed` and `expired`. */
export type EventFilter = LockEventType | '*';

/** Something that happened to a lock. */
export interface LockEvent {
  readonly event: LockEventType;
  readonly lock: string;
  /** Null once the lease has ended. */
  readonly holderId: string | null;
  /** Null once an exclusive lease is released or has expired. */
  readonly fencingToken: number | null;
  readonly timestamp: Date;
  /** Strictly increasing across all locks. */
  readonly sequence: number;
  /** How the lease holds or held the lock. */
  readonly mode: LockMode;
  /** How many permits the lock has. Only if it is counted. */
  readonly limit?: number | undefined;
  /** Which permits the lease has or had. Only if the lock is counted. */
  readonly slots?: readonly number[] | undefined;
  /** The names of all locks of the lease, as far as you may see them. Only if it holds several. */
  readonly leaseLocks?: readonly string[] | undefined;
  /** While the lease goes on only: with `acquired`, `renewed` and `release_requested`. */
  readonly expiresAt?: Date | undefined;
  readonly metadata?: string | null | undefined;
  /** Login of the holder; in watch streams, while the lease goes on and with `warning` only. */
  readonly holder?: string | undefined;
  /** With `expired` only, if someone has broken the lease. */
  readonly cause?: 'broken' | undefined;
  /** Why the lease was broken. With `broken` only. */
  readonly reason?: string | undefined;
  /** Login of the user who broke the lease, or `administrator` for an admin key. With `broken` only. */
  readonly brokenBy?: string | undefined;
  /** Login of the user who asks for the release. With `release_requested` only. */
  readonly requestedBy?: string | undefined;
  /** What that user says. With `release_requested` only. */
  readonly message?: string | null | undefined;
  /** What may need attention, such as `renews_late`. With `warning` only. */
  readonly warning?: string | undefined;
  /** The warning as a sentence. With `warning` only. */
  readonly summary?: string | undefined;
}

export interface NewWebhook {
  /** HTTPS. */
  readonly url: string;
  /** Signs each delivery. Never shown again. */
  readonly secret?: string | undefined;
  /** Which events to send. `*` by default. */
  readonly events?: readonly EventFilter[] | undefined;
  /** Which locks to send events for, as a glob such as `billing/*`. All by default. */
  readonly lockPattern?: string | undefined;
  /** `in_order`, the default: a failing delivery holds up the later ones. `none`: it does not. */
  readonly ordering?: 'in_order' | 'none' | undefined;
}

export interface Webhook {
  readonly id: string;
  readonly userId: string;
  readonly url: string;
  /** `****` if there is one. */
  readonly secret: string | null;
  readonly events: readonly string[];
  readonly lockPattern: string | null;
  readonly createdAt: Date;
  /** `in_order` or `none`. */
  readonly ordering: string;
  /** `active`, `suspended` (gets no deliveries for now) or `disabled` (never gets any again). */
  readonly status: string;
  readonly active: boolean;
  /** `operator` or `no_valid_token`. Null unless suspended. */
  readonly suspendedBy: string | null;
  readonly disabledReason: string | null;
}

/** The result of sending a test event. */
export interface WebhookTest {
  /** The `webhook-id` header that was sent. */
  readonly id: string;
  readonly delivered: boolean;
  /** HTTP status of the receiver. Null if it did not respond. */
  readonly status: number | null;
  /** Why it failed. Null if it did not. */
  readonly error: string | null;
  readonly durationMs: number;
}

export interface DeliveryAttempt {
  readonly at: Date;
  /** HTTP status of the receiver. Null if it did not respond. */
  readonly status: number | null;
  /** Why it failed. Null if it did not. */
  readonly error: string | null;
  readonly durationMs: number;
}

export interface Delivery {
  /** Also sent as the `webhook-id` header. The same on every attempt. */
  readonly id: string;
  readonly webhookId: string;
  readonly state: 'pending' | 'delivered' | 'dead';
  readonly deadReason: string | null;
  readonly payload: LockEvent;
  /** The most recent attempts, oldest first. */
  readonly attempts: readonly DeliveryAttempt[];
  readonly nextAttemptAt?: Date | undefined;
  readonly createdAt: Date;
}

export interface Deliveries {
  /** Newest event first. */
  readonly deliveries: readonly Delivery[];
  /** Pass this as `before` to get the next page. Null on the last page. */
  readonly nextBefore: number | null;
}
