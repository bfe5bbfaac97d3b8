/** One grant of a lock. */
export interface Lease {
  /** `acquired` if this call granted the lease, `held` if it existed before. */
  readonly status: 'acquired' | 'held';
  readonly name: string;
  /** Proves that you hold the lock. */
  readonly leaseId: string;
  /** Higher than that of all grants before, of any lock. */
  readonly fencingToken: number;
  /** When the lease ends unless it is renewed, by the server's clock. */
  readonly expiresAt: Date;
  /** Login of the holder. */
  readonly holder: string;
  readonly holderId: string;
  readonly metadata: string | null;
}

/** A lock that is held. */
export interface HeldLock extends Omit<Lease, 'status' | 'leaseId'> {
  readonly status: 'held';
  /** On your own locks only. */
  readonly leaseId: string | null;
}

export type LockStatus =
  | (HeldLock & { /** Requests that wait for the lock. */ readonly waiters: number })
  | {
      readonly status: 'available';
      readonly name: string;
      readonly message: string;
      /** The highest fencing token issued so far, for any lock. */
      readonly fencingToken: number;
      readonly waiters: number;
    };

export interface CreatedSession {
  readonly sessionId: string;
  readonly expiresAt: Date;
  /** Seconds between keepalives that the server recommends. */
  readonly keepaliveIntervalSecs: number;
}

export interface KeptSession {
  readonly sessionId: string;
  readonly expiresAt: Date;
}

export interface SessionStatus extends KeptSession {
  readonly userId: string;
  /** Locks that the session holds. */
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

export type LockEventType = 'acquired' | 'released' | 'renewed' | 'expired';

/** What happened to a lock. */
export interface LockEvent {
  readonly event: LockEventType;
  readonly lock: string;
  /** Null once the lock is released or expired. */
  readonly holderId: string | null;
  readonly fencingToken: number | null;
  readonly timestamp: Date;
  /** Increases strictly over all locks. */
  readonly sequence: number;
  /** With `acquired` and `renewed` only. */
  readonly expiresAt?: Date | undefined;
  readonly metadata?: string | null | undefined;
  /** Login of the holder; in watch streams, with `acquired` and `renewed` only. */
  readonly holder?: string | undefined;
}

export interface NewWebhook {
  /** HTTPS. */
  readonly url: string;
  /** Signs what is sent; never shown again. */
  readonly secret?: string | undefined;
  /** Which events; all of them by default. */
  readonly events?: readonly (LockEventType | '*')[] | undefined;
  /** Which locks, as a glob such as `billing/*`; all of them by default. */
  readonly lockPattern?: string | undefined;
  /** Whether an event that fails holds up the later ones, or is retried beside them; `in_order` by default. */
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
  /** `active`, `suspended` (not called for now) or `disabled` (never called again). */
  readonly status: string;
  readonly active: boolean;
  /** `operator` or `no_valid_token`; null while it is not suspended. */
  readonly suspendedBy: string | null;
  readonly disabledReason: string | null;
}

/** What came of sending an example event. */
export interface WebhookTest {
  /** The `webhook-id` header that was sent. */
  readonly id: string;
  readonly delivered: boolean;
  /** HTTP status of the receiver, if it answered. */
  readonly status: number | null;
  /** Why it failed; null if it did not. */
  readonly error: string | null;
  readonly durationMs: number;
}

export interface DeliveryAttempt {
  readonly at: Date;
  /** HTTP status of the receiver, if it answered. */
  readonly status: number | null;
  /** Why it failed; null if it did not. */
  readonly error: string | null;
  readonly durationMs: number;
}

export interface Delivery {
  /** Also the `webhook-id` header, the same on every attempt. */
  readonly id: string;
  readonly webhookId: string;
  readonly state: 'pending' | 'delivered' | 'dead';
  readonly deadReason: string | null;
  readonly payload: LockEvent;
  /** The most recent ones, oldest first. */
  readonly attempts: readonly DeliveryAttempt[];
  readonly nextAttemptAt?: Date | undefined;
  readonly createdAt: Date;
}

export interface Deliveries {
  /** Newest event first. */
  readonly deliveries: readonly Delivery[];
  /** Asks for the next page; null on the last one. */
  readonly nextBefore: number | null;
}
