import type { AcquireRequest } from '../../core/model/command.js';
import { NO_COOLING, type CoolingTerms } from '../../core/model/cooling.js';
import { LOCK_DELAY_SECONDS, MIN_HOLD_SECONDS } from '../../core/model/limits.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import type { NewLease } from '../dto/new-lease.dto.js';

/** How the locks of a new lease cool after it. Throws `validation_failed` if that does not go with the rest of the request. */
export function coolingOf(wants: AcquireRequest['wants'], body: NewLease): CoolingTerms {
  const lockDelaySeconds = body.lock_delay_seconds ?? LOCK_DELAY_SECONDS.default;
  const minHoldSeconds = body.min_hold_seconds ?? MIN_HOLD_SECONDS.default;
  if (lockDelaySeconds === 0 && minHoldSeconds === 0) return NO_COOLING;
  const problem = problemOf(wants, minHoldSeconds, body.ttl_seconds);
  if (problem !== null) throw new OctoStoreError('validation_failed', { details: problem });
  return { lockDelaySeconds, minHoldSeconds };
}

function problemOf(
  wants: AcquireRequest['wants'],
  minHoldSeconds: number,
  ttlSeconds: number,
): string | null {
  const other = wants.find(({ demand }) => demand.mode !== 'exclusive');
  if (other !== undefined) {
    return `lock_delay_seconds and min_hold_seconds are for exclusive locks, but "${other.lockName}" is ${other.demand.mode}. Leave them out.`;
  }
  if (minHoldSeconds <= ttlSeconds) return null;
  return `min_hold_seconds is ${minHoldSeconds}, but ttl_seconds is ${ttlSeconds}. Use at most ${ttlSeconds}.`;
}
