import { NO_COOLING, type CoolingTerms } from '../../../src/core/model/cooling.js';
import { EXCLUSIVE, SHARED, type Demand, type Want } from '../../../src/core/model/demand.js';
import type { LockName } from '../../../src/core/model/lock-name.js';
import type { Random } from '../../kit/random.js';

/** What a client of a store asks for. */
export interface StoreWish {
  readonly wants: readonly [Want, ...Want[]];
  readonly cooling: CoolingTerms;
}

/** With this limit, some counted leases go together. */
const LIMIT = 3;

/** Longer than a proof runs. A lock that is released before that is free no more. */
const MIN_HOLD_SECONDS = 1800;

/** The lock in any mode, and sometimes the others too. */
export function drawWish(random: Random, lockName: LockName, others: readonly LockName[]): StoreWish {
  const more = random.chance(0.2) ? others.filter(() => random.chance(0.3)) : [];
  return { wants: [want(random, lockName), ...more.map((name) => want(random, name))], cooling: NO_COOLING };
}

/** A lock that cools once it is released. */
export function coolingWish(lockName: LockName): StoreWish {
  const cooling = { lockDelaySeconds: 0, minHoldSeconds: MIN_HOLD_SECONDS };
  return { wants: [{ lockName, demand: EXCLUSIVE }], cooling };
}

function want(random: Random, lockName: LockName): Want {
  return { lockName, demand: drawDemand(random) };
}

function drawDemand(random: Random): Demand {
  if (random.chance(0.5)) return EXCLUSIVE;
  if (random.chance(0.5)) return SHARED;
  return { mode: 'counted', limit: LIMIT, permits: random.pick([1, 2]) };
}
