import type { Config } from '../config/config.js';
import type { Quotas } from '../core/model/quotas.js';
import type { Tracing } from '../tracing/tracing.js';

/** The configurable options of the store. */
export interface StoreOptions extends Quotas {
  /** The least time, in seconds, that the holder of a live lease has for renewing it after a restart. */
  readonly restartGraceSeconds: number;
  /** How many events the log keeps. */
  readonly eventRetention: number;
  /** How many commands may wait for the disk before new grants are refused. */
  readonly maxPendingCommands: number;
  /** Whether each read and each refusal waits for a commit that was sent after it was asked for. See `GroupCommit.settled`. */
  readonly confirmedReads: boolean;
  /** Follows decisions and commits. Nothing does if it is missing. */
  readonly tracing?: Tracing;
}

/** The store's options from the configuration. */
export function storeOptionsOf(config: Config): StoreOptions {
  return {
    maxLocks: config.MAX_LOCKS,
    maxLocksPerUser: config.MAX_LOCKS_PER_USER,
    maxSessions: config.MAX_SESSIONS,
    maxSessionsPerUser: config.MAX_SESSIONS_PER_USER,
    maxWaiters: config.MAX_WAITERS,
    maxWaitersPerUser: config.MAX_WAITERS_PER_USER,
    maxFences: config.MAX_FENCES,
    maxFencesPerUser: config.MAX_FENCES_PER_USER,
    restartGraceSeconds: config.RESTART_GRACE_SECONDS,
    eventRetention: config.EVENT_RETENTION,
    maxPendingCommands: config.MAX_PENDING_COMMANDS,
    confirmedReads: config.CONFIRMED_READS,
  };
}
