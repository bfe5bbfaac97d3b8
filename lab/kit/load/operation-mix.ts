import type { CoolingTerms } from '../../../src/core/model/cooling.js';
import type { DemandRequest } from '../history/operation.js';
import type { Random } from '../random.js';

/** How often clients do what. Probabilities are from 0 to 1. */
export interface OperationMix {
  /** The probability that an idle client reads a lock. */
  readonly read: number;
  /** The probability that an acquire of a shared lock waits for its turn. */
  readonly wait: number;
  /** The probability that a lease on a shared lock is a short one. Most short leases are left to expire. */
  readonly shortLease: number;
  /** The probability that a lease on a shared lock is not exclusive: half of these are shared, the others counted. */
  readonly together: number;
  /** The probability that a client that uses a lease converts it. */
  readonly convert: number;
  /** The probability that an exclusive lease has its lock cool after its end. */
  readonly cooling: number;
  /** For how long. Short by default, because no one can use a lock that cools. */
  readonly coolingSeconds: readonly number[];
  /** The TTLs of short leases, in seconds. */
  readonly shortTtls: readonly number[];
}

/** Some of everything. */
export const DEFAULT_MIX: OperationMix = {
  read: 0.1,
  wait: 0.05,
  shortLease: 0.05,
  together: 0.4,
  convert: 0.06,
  cooling: 0.003,
  coolingSeconds: [1],
  shortTtls: [1, 2],
};

/** With this limit, two or three counted leases go together. */
const LIMIT = 3;

/** How a client asks for a lock. */
export function drawDemand(random: Random, { together }: OperationMix): DemandRequest {
  if (!random.chance(together)) return {};
  return random.chance(0.5) ? { mode: 'shared' } : { limit: LIMIT, permits: random.pick([1, 1, 2]) };
}

/** How the lock of an exclusive lease cools. Undefined if it does not. */
export function drawCooling(
  random: Random,
  { cooling, coolingSeconds }: OperationMix,
  ttlSeconds: number,
): CoolingTerms | undefined {
  if (!random.chance(cooling)) return undefined;
  const seconds = random.pick(coolingSeconds);
  const minHoldSeconds = random.pick([0, Math.min(seconds, ttlSeconds)]);
  return { lockDelaySeconds: minHoldSeconds === 0 ? seconds : random.pick([0, seconds]), minHoldSeconds };
}
