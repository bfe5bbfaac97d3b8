import type { FencingToken, LeaseId } from '../../../src/core/model/ids.js';
import { LAST_NUMBER } from '../../../src/core/model/limits.js';
import type { LockName } from '../../../src/core/model/lock-name.js';
import { State } from '../../../src/core/state/state.js';
import { step } from '../../../src/core/step.js';
import { formatCount } from '../../../src/bench/report/table.js';
import { nanosecondsOf } from './measure.js';
import type { MicroBenchmark, Timing } from './micro-benchmark.js';
import { acquire, NOW, QUOTAS, release, USER } from './requests.js';

const SIZES = [1_000, 100_000, 1_000_000] as const;
const PAGE = 100;

/** The cost of one command, by the number of held locks. */
export const core: MicroBenchmark = {
  name: 'core, in memory',
  run: () => [...SIZES.flatMap(withHeldLocks), ...SIZES.slice(0, 2).map(withWaiters)],
};

function withHeldLocks(held: number): Timing[] {
  const state = new State();
  for (let index = 0; index < held; index += 1) acquire(state, heldName(index), `lease-${index}`);
  const size = `${formatCount(held)} locks held`;
  let next = 0;
  const nextIndex = (): number => (next = (next + 7919) % held);
  return [
    {
      operation: 'acquire and release',
      size,
      nanoseconds: nanosecondsOf(() => {
        const name = `free/${nextIndex()}`;
        acquire(state, name, 'mine');
        release(state, name, 'mine');
      }),
    },
    {
      operation: 'renew',
      size,
      nanoseconds: nanosecondsOf(() => {
        const index = nextIndex();
        const lock = { lockName: heldName(index) as LockName, leaseId: `lease-${index}` as LeaseId };
        step(state, { kind: 'renew', userId: USER, ttlSeconds: 60, ...lock }, NOW, QUOTAS);
      }),
    },
    {
      operation: `list ${PAGE}`,
      size,
      nanoseconds: nanosecondsOf(() => list(state, heldName(nextIndex()) as LockName)),
    },
  ];
}

/** One lock that is handed over: each release grants it to the first waiter, and a new waiter joins the end of the line. */
function withWaiters(waiters: number): Timing {
  const state = new State();
  acquire(state, 'wanted', 'lease-0');
  for (let index = 1; index <= waiters; index += 1)
    acquire(state, 'wanted', `lease-${index}`, { ticket: index });
  let holder = 0;
  let last = waiters;
  return {
    operation: 'release, and grant to the first waiter',
    size: `${formatCount(waiters)} waiters`,
    nanoseconds: nanosecondsOf(() => {
      release(state, 'wanted', `lease-${holder}`);
      holder += 1;
      last += 1;
      acquire(state, 'wanted', `lease-${last}`, { ticket: last });
    }),
  };
}

function list(state: State, lockName: LockName): void {
  const after = { lockName, fencingToken: LAST_NUMBER as FencingToken };
  let listed = 0;
  for (const held of state.heldLocks('held/', after, NOW)) {
    listed += held.lockName.length > 0 ? 1 : 0;
    if (listed === PAGE) return;
  }
}

function heldName(index: number): string {
  return `held/${String(index).padStart(7, '0')}`;
}
