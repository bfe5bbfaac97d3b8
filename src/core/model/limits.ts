/** The fixed limits of the service. These numbers are defined here and nowhere else. */

/** How long one grant or renewal of a lease may last, in seconds. */
export const LEASE_TTL_SECONDS = { min: 1, max: 3600 } as const;

/** How long a session lasts without a keepalive, in seconds. */
export const SESSION_TTL_SECONDS = { min: 10, max: 300, default: 60 } as const;

/** How long an acquire may wait for a lock, in seconds. */
export const WAIT_SECONDS = { min: 0, max: 60, default: 0 } as const;

/** How many permits a counted lock may have. */
export const PERMITS = { min: 1, max: 10_000 } as const;

/** How many locks one lease may hold. */
export const LEASE_LOCKS = { min: 1, max: 32 } as const;

/** How long a place in line is kept while no one is asking for it, in seconds. */
export const KEPT_PLACE_SECONDS = 15;

/** How many tickets one step grants at most. The next step continues. */
export const GRANTS_PER_STEP_MAX = 1000;

/** How many leases one step breaks at most. */
export const BREAKS_PER_STEP_MAX = 1000;

/** How long a lock may be kept from everyone after its lease has expired or was broken, in seconds. */
export const LOCK_DELAY_SECONDS = { min: 0, max: 60, default: 0 } as const;

/** How long a lock may be kept from everyone after it was granted, in seconds. It is also at most the TTL of the lease. */
export const MIN_HOLD_SECONDS = { min: 0, max: LEASE_TTL_SECONDS.max, default: 0 } as const;

/** How long a broken lease is remembered, in seconds, so that its holder is told "broken" and not "not found". */
export const BROKEN_LEASE_MEMORY_SECONDS = 3600;

/** The maximum size of the reason for a break, and of the message of a request to release, in bytes of UTF-8. */
export const REASON_BYTES_MAX = 256;

/** The maximum size of a lease's metadata, in bytes of UTF-8. */
export const METADATA_BYTES_MAX = 1024;

/** The maximum length of a lock name, and of each component between slashes, in characters. */
export const LOCK_NAME_LENGTH_MAX = 256;
export const LOCK_NAME_COMPONENT_LENGTH_MAX = 64;

/** How long an expired session is remembered, in seconds, so that its client is told "expired" and not "unknown". */
export const EXPIRED_SESSION_MEMORY_SECONDS = 3600;

/** The last fencing token and sequence. Beyond it, adding 1 may return the same number. */
export const LAST_NUMBER = Number.MAX_SAFE_INTEGER;
