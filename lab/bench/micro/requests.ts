import type { AcquireRequest, Wait } from '../../../src/core/model/command.js';
import { NO_COOLING } from '../../../src/core/model/cooling.js';
import { EXCLUSIVE, type Demand } from '../../../src/core/model/demand.js';
import type { LeaseId, TicketId, UserId } from '../../../src/core/model/ids.js';
import type { LockName } from '../../../src/core/model/lock-name.js';
import type { OutcomeOf } from '../../../src/core/model/outcome.js';
import type { Acquire } from '../../../src/core/model/command.js';
import type { Quotas } from '../../../src/core/model/quotas.js';
import type { Instant } from '../../../src/core/model/time.js';
import type { State } from '../../../src/core/state/state.js';
import { step } from '../../../src/core/step.js';

const PLENTY = 10_000_000;

/** Limits that no benchmark reaches. */
export const QUOTAS: Quotas = {
  maxLocks: PLENTY,
  maxLocksPerUser: PLENTY,
  maxSessions: PLENTY,
  maxSessionsPerUser: PLENTY,
  maxWaiters: PLENTY,
  maxWaitersPerUser: PLENTY,
  maxFences: PLENTY,
  maxFencesPerUser: PLENTY,
};

export const USER = 'user' as UserId;
export const NOW = 1_000_000 as Instant;

interface Wish {
  readonly demand?: Demand;
  /** Waits in line with this ticket. */
  readonly ticket?: number;
}

/** Asks for one lock, or for several in one lease. */
export function acquire(
  state: State,
  names: string | readonly [string, ...string[]],
  leaseId: string,
  { demand = EXCLUSIVE, ticket }: Wish = {},
): OutcomeOf<Acquire> {
  const [first, ...others] = typeof names === 'string' ? [names] : names;
  const wantOf = (name: string): AcquireRequest['wants'][0] => ({ lockName: name as LockName, demand });
  const request: AcquireRequest = {
    wants: [wantOf(first), ...others.map(wantOf)],
    holder: { userId: USER, sessionId: null },
    leaseId: leaseId as LeaseId,
    leaseIdChosen: true,
    ttlSeconds: 60,
    metadata: null,
    cooling: NO_COOLING,
  };
  const wait: Wait | null = ticket === undefined ? null : { ticketId: ticket as TicketId, seconds: 60 };
  return step(state, { kind: 'acquire', request, wait }, NOW, QUOTAS).outcome;
}

/** Throws if the lease does not hold the lock. */
export function release(state: State, name: string, leaseId: string): void {
  const lease = { lockName: name as LockName, leaseId: leaseId as LeaseId };
  const { outcome } = step(state, { kind: 'release', userId: USER, ...lease }, NOW, QUOTAS);
  if (outcome.kind !== 'released') throw new Error(`${name} was not held`);
}
