/**
 * `exclusive` if one lease holds the lock alone, `shared` if any number may hold it together, `counted` if they share its
 * permits.
 */
export type LockMode = 'exclusive' | 'shared' | 'counted';

/** The modes that you can convert a lock to while you hold it. */
export type ConvertibleMode = Exclude<LockMode, 'counted'>;

/** How you want to hold a lock: alone, unless you say otherwise. */
export interface LockDemand {
  /** `shared`: together with everyone else who says so. Leave it out if you give a `limit`. `exclusive` by default. */
  readonly mode?: ConvertibleMode | undefined;
  /** Makes the lock counted: its leases may have this many permits together, 1 to 10,000. Everyone must give the same limit. */
  readonly limit?: number | undefined;
  /** How many permits of a counted lock you want, 1 to `limit`, 1 by default. */
  readonly permits?: number | undefined;
}

/** One of several locks that you want together. */
export interface WantedLock extends LockDemand {
  readonly name: string;
}

/** How a lease holds a lock. */
export interface LockHold {
  readonly mode: LockMode;
  /** How many permits the lock has. Only if it is counted. */
  readonly limit?: number | undefined;
  /** How many permits the lease has. Only if the lock is counted. */
  readonly permits?: number | undefined;
  /** The numbers of its permits, from 0 to `limit` minus 1. No other lease has them. Only if the lock is counted. */
  readonly slots?: readonly number[] | undefined;
}

/** One lock of a lease. */
export interface LeaseLock extends LockHold {
  readonly name: string;
}

/** What every lease has, whatever it locks. */
export interface LeaseFacts {
  /** `acquired` if this call granted the lease, `held` if it existed before. */
  readonly status: 'acquired' | 'held';
  /** Proves that the lease is yours. */
  readonly leaseId: string;
  /** Higher than that of every earlier grant, of any lock. */
  readonly fencingToken: number;
  /** When the lease expires unless it is renewed, by the server's clock. */
  readonly expiresAt: Date;
  /** Login of the holder. */
  readonly holder: string;
  readonly holderId: string;
  readonly metadata: string | null;
  /**
   * Shows others that you hold the locks, until it expires: a JSON Web Token, without the id of the lease. Only if you asked for
   * one.
   */
  readonly proof?: string | undefined;
  /** The latest request to release one of its locks. Only in the response to a renewal, and only if there is one. */
  readonly releaseRequested?: ReleaseRequest | undefined;
}

/** Someone asks the holders of a lock to release it. Each of them decides. */
export interface ReleaseRequest {
  /** Login of the user who asks. */
  readonly by: string;
  readonly message: string | null;
  /** When they asked, by the server's clock. */
  readonly at: Date;
}

/** One grant of a lock. */
export interface Lease extends LeaseFacts, LeaseLock {
  /** All locks of the lease, in the order in which you asked for them. Only if it holds several. */
  readonly locks?: readonly LeaseLock[] | undefined;
}

/** A lease with all its locks. */
export interface WholeLease extends LeaseFacts {
  /** In the order in which you asked for them. */
  readonly locks: readonly LeaseLock[];
  /** The session that the lease is tied to, if there is one. */
  readonly sessionId?: string | undefined;
}

/** A lock that is held, and one of its leases. */
export interface HeldLock extends Omit<Lease, 'status' | 'leaseId' | 'locks' | 'proof' | 'releaseRequested'> {
  readonly status: 'held';
  /** Null unless the lease is yours. */
  readonly leaseId: string | null;
}

/** One of the leases that hold a lock. */
export interface LockHolder extends Pick<HeldLock, 'fencingToken' | 'expiresAt' | 'metadata' | 'leaseId'> {
  /** Login of the holder. */
  readonly holder: string;
  readonly holderId: string;
  /** Which permits the lease has. Only if the lock is counted. */
  readonly slots?: readonly number[] | undefined;
}

/** A held lock. If several leases hold it, the fields of a lease are those of the one that was granted first. */
export interface LockHeld extends HeldLock {
  /** Number of requests waiting for the lock. */
  readonly waiters: number;
  /** Number of leases that hold the lock. */
  readonly holderCount: number;
  /** How many permits its leases have together. Only if the lock is counted. */
  readonly permitsInUse?: number | undefined;
  /** The first 100 leases that hold the lock, in the order they were granted. */
  readonly holders: readonly LockHolder[];
}

export interface LockAvailable {
  readonly status: 'available';
  readonly name: string;
  readonly message: string;
  /** The highest fencing token issued so far, for any lock. */
  readonly fencingToken: number;
  /** Number of requests waiting for the lock. */
  readonly waiters: number;
}

/** A lock that no one holds, and that no one gets for a while, because its last lease had a lock delay or a minimum hold. */
export interface LockDelayed extends Omit<LockAvailable, 'status'> {
  readonly status: 'delayed';
  /** Until when no one gets it, by the server's clock. */
  readonly availableAt: Date;
}

export type LockStatus = LockHeld | LockAvailable | LockDelayed;

/** One place in the line of a lock. */
export interface QueuePlace {
  /** Where in the line of the requests that are asking, from 1. A place that is only kept has the position that it would have. */
  readonly position: number;
  /** Login of the waiting user. */
  readonly holder: string;
  readonly holderId: string;
  /** When the request joined the line, by the server's clock. */
  readonly since: Date;
  readonly mode: LockMode;
  /** The limit that the request gives. Only if it is counted. */
  readonly limit?: number | undefined;
  /** How many permits the request wants. Only if it is counted. */
  readonly permits?: number | undefined;
  /** Whether a client is waiting for the answer now. Otherwise the place is kept for a few seconds, and passed over. */
  readonly asking: boolean;
  /** Null unless the place is yours. */
  readonly leaseId: string | null;
}

/** The line of a lock. */
export interface Queue {
  readonly name: string;
  /** Number of requests that are waiting for the lock now. */
  readonly waiters: number;
  /** Number of places, including those that are only kept. */
  readonly total: number;
  /** The first 100 places, in order of arrival. */
  readonly queue: readonly QueuePlace[];
}
