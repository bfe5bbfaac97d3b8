import { SHARED, type Demand } from '../../../src/core/model/demand.js';
import type { TicketId } from '../../../src/core/model/ids.js';
import { State } from '../../../src/core/state/state.js';
import { step } from '../../../src/core/step.js';
import { formatCount } from '../../../src/bench/report/table.js';
import { nanosecondsOf } from './measure.js';
import type { MicroBenchmark, Timing } from './micro-benchmark.js';
import { acquire, NOW, QUOTAS, release } from './requests.js';

const MANY = 10_000;
const COUNTED: Demand = { mode: 'counted', limit: MANY, permits: 1 };
const EIGHT = ['s/1', 's/2', 's/3', 's/4', 's/5', 's/6', 's/7', 's/8'] as const;

/** The cost of locks that several leases hold, of leases with several locks, and of places that no one is asking for. */
export const manyHolders: MicroBenchmark = {
  name: 'many holders, in memory',
  run: () => [
    ...[1, MANY].map(readers),
    ...handingOver(),
    leaseOf(['s/1']),
    leaseOf(EIGHT),
    ...[0, 1_000].map(pool),
    ...[0, MANY - 1].map(silentPlaces),
  ],
};

function readers(holders: number): Timing {
  const state = new State();
  for (let index = 0; index < holders; index += 1)
    acquire(state, 'read', `reader-${index}`, { demand: SHARED });
  return {
    operation: 'acquire and release, shared',
    size: `${formatCount(holders)} holders`,
    nanoseconds: nanosecondsOf(() => {
      acquire(state, 'read', 'one-more', { demand: SHARED });
      release(state, 'read', 'one-more');
    }),
  };
}

/** A writer releases a lock that very many readers wait for. */
function handingOver(): Timing[] {
  const state = new State();
  acquire(state, 'read', 'writer');
  for (let index = 1; index <= MANY; index += 1) {
    acquire(state, 'read', `reader-${index}`, { demand: SHARED, ticket: index });
  }
  const steps = [timed(() => release(state, 'read', 'writer'))];
  while (state.hasUnfinished) {
    steps.push(timed(() => step(state, { kind: 'sweep', limit: 500 }, NOW, QUOTAS)));
  }
  const size = `${formatCount(MANY)} readers in line`;
  return [
    { operation: 'writer hands over: longest step', size, nanoseconds: Math.max(...steps) },
    {
      operation: `writer hands over: all ${steps.length} steps`,
      size,
      nanoseconds: steps.reduce((sum, one) => sum + one, 0),
    },
  ];
}

function timed(act: () => unknown): number {
  const startedAt = process.hrtime.bigint();
  act();
  return Number(process.hrtime.bigint() - startedAt);
}

function leaseOf(names: readonly [string, ...string[]]): Timing {
  const state = new State();
  return {
    operation: 'acquire and release one lease',
    size: names.length === 1 ? '1 lock' : `${names.length} locks`,
    nanoseconds: nanosecondsOf(() => {
      acquire(state, names, 'mine');
      release(state, names[0], 'mine');
    }),
  };
}

/** A counted lock with all permits in use: each release lets the next one in, and another joins the line. */
function pool(waiters: number): Timing {
  const state = new State();
  for (let index = 0; index < MANY + waiters; index += 1) {
    acquire(state, 'pool', `worker-${index}`, { demand: COUNTED, ticket: index });
  }
  let oldest = 0;
  let next = MANY + waiters;
  return {
    operation: `release and acquire one of ${formatCount(MANY)} permits`,
    size: `${formatCount(waiters)} waiters`,
    nanoseconds: nanosecondsOf(() => {
      release(state, 'pool', `worker-${oldest}`);
      acquire(state, 'pool', `worker-${next}`, { demand: COUNTED, ticket: next });
      oldest += 1;
      next += 1;
    }),
  };
}

/** A lock that is handed over while no one is asking for most places in its line. */
function silentPlaces(silent: number): Timing {
  const state = new State();
  acquire(state, 'wanted', 'lease-0');
  for (let index = 1; index <= silent; index += 1) {
    acquire(state, 'wanted', `gone-${index}`, { ticket: index });
    step(state, { kind: 'leave_queue', ticketId: index as TicketId, keepsPlace: true }, NOW, QUOTAS);
  }
  acquire(state, 'wanted', 'lease-1', { ticket: MANY + 1 });
  let holder = 0;
  return {
    operation: 'release, and grant to the only one who asks',
    size: `${formatCount(silent)} silent places`,
    nanoseconds: nanosecondsOf(() => {
      release(state, 'wanted', `lease-${holder}`);
      holder += 1;
      acquire(state, 'wanted', `lease-${holder + 1}`, { ticket: MANY + 1 + holder });
    }),
  };
}
