import type { Demand, Hold } from '../../../src/core/model/demand.js';

/**
 * Whether leases that hold one lock like this may hold it at the same time. Models, invariants and proofs all ask here, so that what
 * a lock is stands in one place beside the law. An exclusive lease goes with no other. All leases of a lock have the same mode.
 * Counted ones have the same limit, and no two of them have the same slot.
 */
export function goTogether(holds: readonly Hold[]): boolean {
  const [first] = holds;
  if (first === undefined) return true;
  if (first.mode === 'exclusive') return holds.length === 1;
  if (first.mode === 'shared') return holds.every(({ mode }) => mode === 'shared');
  const { limit } = first;
  const slots = holds.flatMap((hold) => (hold.mode === 'counted' ? hold.slots : []));
  return (
    holds.every((hold) => hold.mode === 'counted' && hold.limit === limit) &&
    new Set(slots).size === slots.length &&
    slots.every((slot) => slot < limit)
  );
}

/** How a lease would hold a lock beside these: a counted one gets the lowest slots that are free, even beyond the limit. */
export function holdBeside(holds: readonly Hold[], demand: Demand): Hold {
  if (demand.mode !== 'counted') return demand;
  const taken = new Set(holds.flatMap((hold) => (hold.mode === 'counted' ? hold.slots : [])));
  const slots: number[] = [];
  for (let slot = 0; slots.length < demand.permits; slot += 1) if (!taken.has(slot)) slots.push(slot);
  return { mode: 'counted', limit: demand.limit, slots };
}

/** Whether a lease with this demand may hold a lock beside those that hold it. */
export function fitsBeside(holds: readonly Hold[], demand: Demand): boolean {
  return goTogether([...holds, holdBeside(holds, demand)]);
}
