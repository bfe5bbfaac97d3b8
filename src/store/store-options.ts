import type { Config } from '../config/config.js';
import type { Quotas } from '../core/model/quotas.js';

/** What an installation may choose about the store. */
export interface StoreOptions extends Quotas {
  /** Seconds that a live lease gets at least to renew after a restart. */
  readonly restartGraceSeconds: number;
  /** Rows that the event log keeps. */
  readonly eventRetention: number;
  /** Commands that may wait for the disk before new grants are refused. */
  readonly maxPendingCommands: number;
}

/** What the configuration says about the store. */
export function storeOptionsOf(config: Config): StoreOptions {
  return {
    maxLocks: config.MAX_LOCKS,
    maxLocksPerUser: config.MAX_LOCKS_PER_USER,
    maxSessions: config.MAX_SESSIONS,
    maxSessionsPerUser: config.MAX_SESSIONS_PER_USER,
    maxWaiters: config.MAX_WAITERS,
    maxWaitersPerUser: config.MAX_WAITERS_PER_USER,
    restartGraceSeconds: config.RESTART_GRACE_SECONDS,
    eventRetention: config.EVENT_RETENTION,
    maxPendingCommands: config.MAX_PENDING_COMMANDS,
  };
}
