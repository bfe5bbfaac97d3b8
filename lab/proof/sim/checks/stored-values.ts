import type { BrokenLease } from '../../../../src/core/model/broken-lease.js';
import type { Cooling } from '../../../../src/core/model/cooling.js';
import type { Fence } from '../../../../src/core/model/fence.js';
import type { FencingToken, LeaseId, Sequence, SessionId, UserId } from '../../../../src/core/model/ids.js';
import { USUAL_TERMS, type Lease, type LeaseTerms } from '../../../../src/core/model/lease.js';
import type { LockName } from '../../../../src/core/model/lock-name.js';
import type { Session } from '../../../../src/core/model/session.js';
import type { Instant } from '../../../../src/core/model/time.js';
import type { DurableState } from '../../../../src/core/recovery.js';
import type { BrokenLeaseRow } from '../../../../src/journal/rows/broken-lease-row.js';
import type { CoolingRow } from '../../../../src/journal/rows/cooling-row.js';
import type { FenceRow } from '../../../../src/journal/rows/fence-row.js';
import type { LeaseRow } from '../../../../src/journal/rows/lease-row.js';
import type { SessionRow } from '../../../../src/journal/rows/session-row.js';
import type { SimDisk } from '../world/disk.js';

/** The rows that make the state. */
export type StoredRows = Pick<
  SimDisk,
  'leases' | 'sessions' | 'coolings' | 'brokenLeases' | 'fences' | 'server'
>;

/** What a start finds on a disk. */
export function durableStateOn(disk: StoredRows): DurableState {
  const { leases, sessions, coolings, brokenLeases, fences, server } = disk;
  return {
    leases: [...leases.values()].toSorted((a, b) => a.fencingToken - b.fencingToken).map(leaseIn),
    sessions: [...sessions.values()].map(sessionIn),
    coolings: [...coolings.values()].map(coolingIn).toSorted((a, b) => (a.lockName < b.lockName ? -1 : 1)),
    brokenLeases: [...brokenLeases.values()]
      .toSorted((a, b) => a.fencingToken - b.fencingToken)
      .map(brokenLeaseIn),
    fences: [...fences.values()].map(fenceIn).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    lastFencingToken: server.lastFencingToken as FencingToken,
    lastSequence: server.lastSequence as Sequence,
  };
}

export function leaseIn({ userId, sessionId, ...row }: LeaseRow): Lease {
  return lease({
    leaseId: row.leaseId as LeaseId,
    lockName: row.lockName as LockName,
    holder: { userId: userId as UserId, sessionId: sessionId as SessionId | null },
    fencingToken: row.fencingToken as FencingToken,
    ttlSeconds: row.ttlSeconds,
    deadline: row.deadline as Instant,
    metadata: row.metadata,
    terms: row.terms === null ? USUAL_TERMS : { ...USUAL_TERMS, ...(JSON.parse(row.terms) as LeaseTerms) },
  });
}

export function coolingIn(row: CoolingRow): Cooling {
  return cooling(row as Cooling);
}

export function brokenLeaseIn({ lockNames, ...row }: BrokenLeaseRow): BrokenLease {
  return brokenLease({
    ...(row as Omit<BrokenLease, 'lockNames'>),
    lockNames: JSON.parse(lockNames) as LockName[],
  });
}

export function fenceIn(row: FenceRow): Fence {
  return fence(row as Fence);
}

export function sessionIn(row: SessionRow): Session {
  return session(row as Session);
}

/** The fields in one order, so that equal values have equal texts. */
export function lease(of: Lease): Lease {
  const { leaseId, lockName, holder, fencingToken, ttlSeconds, deadline, metadata, terms } = of;
  const { userId, sessionId } = holder;
  return {
    leaseId,
    lockName,
    holder: { userId, sessionId },
    fencingToken,
    ttlSeconds,
    deadline,
    metadata,
    terms: termsOf(terms),
  };
}

function termsOf({ hold, others, lockDelaySeconds, keptUntil }: LeaseTerms): LeaseTerms {
  return { hold, others, lockDelaySeconds, keptUntil };
}

export function cooling({ lockName, userId, fencingToken, until }: Cooling): Cooling {
  return { lockName, userId, fencingToken, until };
}

export function brokenLease(broken: BrokenLease): BrokenLease {
  const { leaseId, userId, fencingToken, lockNames, brokenBy, reason, brokenAt } = broken;
  return { leaseId, userId, fencingToken, lockNames, brokenBy, reason, brokenAt };
}

export function fence({ name, userId, highest }: Fence): Fence {
  return { name, userId, highest };
}

export function session({ sessionId, userId, ttlSeconds, state, deadline, madeWith }: Session): Session {
  return { sessionId, userId, ttlSeconds, state, deadline, madeWith };
}
