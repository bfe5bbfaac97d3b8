import type { UserQuotas } from '../core/model/quotas.js';
import { NO_LIMITS, type UserLimits } from './policy/policy.js';

const NONE: UserQuotas = {};

/** The limits of a user that the core enforces. */
export function userQuotasOf(limits: UserLimits): UserQuotas {
  if (limits === NO_LIMITS) return NONE;
  const { locks, sessions, waiters } = limits;
  return {
    ...(locks === undefined ? {} : { maxLocksPerUser: locks }),
    ...(sessions === undefined ? {} : { maxSessionsPerUser: sessions }),
    ...(waiters === undefined ? {} : { maxWaitersPerUser: waiters }),
  };
}
