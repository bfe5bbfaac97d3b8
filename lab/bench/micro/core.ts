import type { Quotas } from '../../../src/core/model/quotas.js';
import { EXCLUSIVE } from '../../../src/core/model/demand.js';
import type { AcquireRequest } from '../../../src/core/model/command.js';
import type { FencingToken, LeaseId, UserId } from '../../../src/core/model/ids.js';
import { LAST_NUMBER } from '../../../src/core/model/limits.js';
import type { LockName } from '../../../src/core/model/lock-name.js';
import { State } from '../../../src/core/state/state.js';
import { step } from '../../../src/core/step.js';
import type { Instant } from '../../../src/core/model/time.js';
import { formatCount } from '../../../src/bench/report/table.js';
import type { TicketId } from '../../../src/core/model/ids.js';
import { nanosecondsOf } from './measure.js';
import type { MicroBenchmark, Timing } from './micro-benchmark.js';

const PLENTY = 10_000_000;
const OPTIONS: Quotas = {
  maxLocks: PLENTY,
  maxLocksPerUser: PLENTY,
  maxSessions: PLENTY,
  maxSessionsPerUser: PLENTY,
  maxWaiters: PLENTY,
  maxWaitersPerUser: PLENTY,
};
const USER = 'user' as UserId;
const NOW = 1_000_000 as Instant;
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
        step(state, { kind: 'renew', userId: USER, ttlSeconds: 60, ...lock }, NOW, OPTIONS);
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
  for (let index = 1; index <= waiters; index += 1) queue(state, index);
  let holder = 0;
  let last = waiters;
  return {
    operation: 'release, and grant to the first waiter',
    size: `${formatCount(waiters)} waiters`,
    nanoseconds: nanosecondsOf(() => {
      release(state, 'wanted', `lease-${holder}`);
      holder += 1;
      last += 1;
      queue(state, last);
    }),
  };
}

function acquire(state: State, name: string, leaseId: string): void {
  step(state, { kind: 'acquire', request: requestFor(name, leaseId), wait: null }, NOW, OPTIONS);
}

function queue(state: State, index: number): void {
  const wait = { ticketId: index as TicketId, seconds: 60 };
  step(state, { kind: 'acquire', request: requestFor('wanted', `lease-${index}`), wait }, NOW, OPTIONS);
}

function release(state: State, name: string, leaseId: string): void {
  const lease = { lockName: name as LockName, leaseId: leaseId as LeaseId };
  const { outcome } = step(state, { kind: 'release', userId: USER, ...lease }, NOW, OPTIONS);
  if (outcome.kind !== 'released') throw new Error(`${name} was not held`);
}

function list(state: State, lockName: LockName): void {
  const after = { lockName, fencingToken: LAST_NUMBER as FencingToken };
  let listed = 0;
  for (const held of state.heldLocks('held/', after, NOW)) {
    listed += held.lockName.length > 0 ? 1 : 0;
    if (listed === PAGE) return;
  }
}

function requestFor(name: string, leaseId: string): AcquireRequest {
  return {
    wants: [{ lockName: name as LockName, demand: EXCLUSIVE }],
    holder: { userId: USER, sessionId: null },
    leaseId: leaseId as LeaseId,
    leaseIdChosen: true,
    ttlSeconds: 60,
    metadata: null,
  };
}

function heldName(index: number): string {
  return `held/${String(index).padStart(7, '0')}`;
}
