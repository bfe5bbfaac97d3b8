import type { Random } from '../../kit/random.js';
import type { SharedState } from '../../kit/load/shared-state.js';
import { nowMs, pause } from '../../../src/process/time.js';
import { DATABASE_FAULTS } from './database-faults.js';
import type { Fault } from './fault.js';
import { NETWORK_FAULTS } from './network-faults.js';
import { REPLICA_FAULTS } from './replica-faults.js';
import type { Site } from './site.js';

/** Every kind of fault. */
export const FAULTS: readonly Fault[] = [...REPLICA_FAULTS, ...DATABASE_FAULTS, ...NETWORK_FAULTS];

/** How long clients work undisturbed between two faults. Sometimes not at all. */
const BETWEEN_MS = { min: 0, max: 800 };

/** No fault comes before clients have done this many operations since the last one. */
const OPERATIONS_PER_FAULT = 20;
const OPERATIONS_WITHIN_MS = 60_000;

export interface AttackPlan {
  readonly faults: number;
  /** The attack ends after this time, even with fewer faults. */
  readonly seconds: number;
  /** What can go wrong. Everything by default. */
  readonly kinds?: readonly Fault[];
}

export interface AttackParts {
  readonly site: Site;
  readonly shared: SharedState;
  readonly random: Random;
  /** Runs after each fault, when a replica leads again. */
  readonly after: () => Promise<void>;
  readonly reportProgress: (line: string) => void;
}

/** Inflicts one fault after another: each kind once, in random order, then again. Resolves with how often each kind occurred. */
export async function attack(
  { site, shared, random, after, reportProgress }: AttackParts,
  { faults, seconds, kinds = FAULTS }: AttackPlan,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  const untilMs = nowMs() + seconds * 1000;
  let turn: Fault[] = [];
  for (let count = 0; count < faults && nowMs() < untilMs; count += 1) {
    if (turn.length === 0) turn = shuffled(kinds, random);
    const fault = turn.pop() as Fault;
    reportProgress(`${count + 1}: ${fault.name}`);
    const problem = await fault.inflict(site, random);
    if (typeof problem === 'string') shared.violation(problem);
    counts.set(fault.name, (counts.get(fault.name) ?? 0) + 1);
    await site.leader();
    await worked(shared, (count + 1) * OPERATIONS_PER_FAULT);
    await after();
    await pause(random.between(BETWEEN_MS.min, BETWEEN_MS.max));
  }
  return counts;
}

/** Resolves after this many operations in all. Throws if they take too long: then clients are not served. */
async function worked({ history }: SharedState, operations: number): Promise<void> {
  const untilMs = nowMs() + OPERATIONS_WITHIN_MS;
  while (history.answered < operations) {
    if (nowMs() > untilMs) throw new Error(`clients got only ${history.answered} answers`);
    await pause(20);
  }
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  return items
    .map((item) => ({ item, at: random.next() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
