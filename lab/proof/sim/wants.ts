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
