/** The fixed limits of the service: the only place where these numbers stand. The rest derives from them. */

/** Seconds that one grant or renewal of a lease may last. */
export const LEASE_TTL_SECONDS = { min: 1, max: 3600 } as const;

/** Seconds between two keepalives after which a session ends. */
export const SESSION_TTL_SECONDS = { min: 10, max: 300, default: 60 } as const;

/** Seconds that an acquire may queue for a lock. */
export const WAIT_SECONDS = { min: 0, max: 60, default: 0 } as const;

/** Bytes of UTF-8 that a lease's metadata may take. */
export const METADATA_BYTES_MAX = 1024;

/** Lock names: characters in all, and in each component between slashes. */
export const LOCK_NAME_LENGTH_MAX = 256;
export const LOCK_NAME_COMPONENT_LENGTH_MAX = 64;

/** Seconds for which an expired session is remembered, so that its client is told "expired" and not "unknown". */
export const EXPIRED_SESSION_MEMORY_SECONDS = 3600;

/** Fencing tokens and sequences end here: beyond it, adding 1 need not yield another number. */
export const LAST_NUMBER = Number.MAX_SAFE_INTEGER;
