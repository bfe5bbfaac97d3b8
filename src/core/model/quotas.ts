import type { UserId } from './ids.js';

/** The configurable limits on what users may have. */
export interface Quotas {
  /** How many locks all users together may hold. */
  readonly maxLocks: number;
  readonly maxLocksPerUser: number;
  /** How many sessions are kept for all users together, including expired ones that are still remembered. */
  readonly maxSessions: number;
  /** How many live sessions a user may have. As many again are remembered after they expire. */
  readonly maxSessionsPerUser: number;
  /** How many places in lines all users together may have. A request has one for each lock it asks for. */
  readonly maxWaiters: number;
  readonly maxWaitersPerUser: number;
  /** How many fences are kept for all users together. */
  readonly maxFences: number;
  /** How many fences a user may create. */
  readonly maxFencesPerUser: number;
  /** The limits of a user that replace those above. If left out, no user has any. */
  readonly ofUser?: (userId: UserId) => UserQuotas;
}

/** Limits of one user. Those that are left out are the same as for other users. */
export type UserQuotas = Partial<Pick<Quotas, UserLimit>>;

type UserLimit = 'maxLocksPerUser' | 'maxSessionsPerUser' | 'maxWaitersPerUser';

/** How much the user may have. */
export function limitFor(userId: UserId, limit: UserLimit, quotas: Quotas): number {
  return quotas.ofUser?.(userId)[limit] ?? quotas[limit];
}
