import { NO_COOLING, type CoolingTerms } from '../../../src/core/model/cooling.js';
import { EXCLUSIVE, SHARED, type Demand, type Want } from '../../../src/core/model/demand.js';
import type { Random } from '../../kit/random.js';
import { lockName } from './names.js';

/** Limits that clients ask for. They differ, so that some requests do not go with others. */
const LIMITS = [2, 3];

/** The locks that a request asks for: mostly one, sometimes several in any order, each in any mode. */
export function drawWants(random: Random, locks: number): readonly [Want, ...Want[]] {
  const first = random.below(locks);
  const others = Array.from({ length: locks }, (_, index) => index).filter(
    (index) => index !== first && random.chance(0.2),
  );
  const ordered = random.chance(0.5) ? others : others.toReversed();
  return [want(random, first), ...ordered.map((index) => want(random, index))];
}

/** For how long the locks are kept from everyone afterwards. Only locks that are asked for exclusively can be, and most are not. */
export function drawCooling(random: Random, wants: readonly Want[], ttlSeconds: number): CoolingTerms {
  if (wants.some(({ demand }) => demand.mode !== 'exclusive') || random.chance(0.5)) return NO_COOLING;
  const minHoldSeconds = random.chance(0.5) ? random.whole(1, ttlSeconds) : 0;
  return { lockDelaySeconds: random.whole(0, 2), minHoldSeconds };
}

function want(random: Random, index: number): Want {
  return { lockName: lockName(index), demand: drawDemand(random) };
}

function drawDemand(random: Random): Demand {
  const chance = random.below(100);
  if (chance < 50) return EXCLUSIVE;
  if (chance < 75) return SHARED;
  const limit = random.pick(LIMITS);
  return { mode: 'counted', limit, permits: random.whole(1, limit) };
}
