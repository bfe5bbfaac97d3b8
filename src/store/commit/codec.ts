import type { BrokenLease } from '../../core/model/broken-lease.js';
import type { Change } from '../../core/model/change.js';
import type { Cooling } from '../../core/model/cooling.js';
import type { Fence, FenceName } from '../../core/model/fence.js';
import type { FencingToken, LeaseId, SessionId, UserId } from '../../core/model/ids.js';
import type { Lease } from '../../core/model/lease.js';
import type { LockName } from '../../core/model/lock-name.js';
import type { Session } from '../../core/model/session.js';
import type { Instant } from '../../core/model/time.js';
import type { RowChanges } from '../../journal/row-changes.js';
import type { BrokenLeaseRow } from '../../journal/rows/broken-lease-row.js';
import type { CoolingRow } from '../../journal/rows/cooling-row.js';
import type { FenceRow } from '../../journal/rows/fence-row.js';
import type { LeaseRow } from '../../journal/rows/lease-row.js';
import { storedTerms, termsFromColumn } from '../../journal/rows/lease-terms.js';
import type { SessionRow } from '../../journal/rows/session-row.js';
import { readLockName } from '../../journal/rows/stored-hold.js';
import { fromStoredJson, readList } from '../../journal/rows/stored-json.js';

/** Converts between the values of the core and the rows that store them. */

export function writeChange(change: Change, rows: RowChanges): void {
  switch (change.kind) {
    case 'lease_granted':
    case 'lease_extended':
      rows.put('leases', leaseToRow(change.lease));
      return;
    case 'lease_converted':
      if (change.from.fencingToken !== change.to.fencingToken)
        rows.remove('leases', change.from.fencingToken);
      rows.put('leases', leaseToRow(change.to));
      return;
    case 'lease_ended':
      rows.remove('leases', change.lease.fencingToken);
      return;
    case 'session_saved':
      rows.put('sessions', change.session);
      return;
    case 'session_removed':
      rows.remove('sessions', change.session.sessionId);
      return;
    case 'cooling_began':
      rows.put('coolings', change.cooling);
      return;
    case 'cooling_ended':
      rows.remove('coolings', change.cooling.lockName);
      return;
    case 'broken_lease_saved':
      rows.put('broken_leases', brokenLeaseToRow(change.broken));
      return;
    case 'broken_lease_forgotten':
      rows.remove('broken_leases', change.broken.fencingToken);
      return;
    case 'fence_saved':
      rows.put('fences', change.fence);
      return;
    case 'fence_removed':
      rows.remove('fences', change.fence.name);
      return;
    default:
      unreachable(change);
  }
}

function leaseToRow(lease: Lease): LeaseRow {
  return {
    fencingToken: lease.fencingToken,
    lockName: lease.lockName,
    leaseId: lease.leaseId,
    userId: lease.holder.userId,
    sessionId: lease.holder.sessionId,
    ttlSeconds: lease.ttlSeconds,
    deadline: lease.deadline,
    metadata: lease.metadata,
    terms: storedTerms(lease.terms),
  };
}

/** Throws `UnusableRowError`. */
export function leaseFromRow(row: LeaseRow): Lease {
  return {
    leaseId: row.leaseId as LeaseId,
    lockName: row.lockName as LockName,
    holder: { userId: row.userId as UserId, sessionId: row.sessionId as SessionId | null },
    fencingToken: row.fencingToken as FencingToken,
    ttlSeconds: row.ttlSeconds,
    deadline: row.deadline as Instant,
    metadata: row.metadata,
    terms: termsFromColumn(row.terms, row.lockName),
  };
}

export function sessionFromRow(row: SessionRow): Session {
  return {
    sessionId: row.sessionId as SessionId,
    userId: row.userId as UserId,
    ttlSeconds: row.ttlSeconds,
    state: row.state,
    deadline: row.deadline as Instant,
    madeWith: row.madeWith,
  };
}

export function coolingFromRow(row: CoolingRow): Cooling {
  return {
    lockName: row.lockName as LockName,
    userId: row.userId as UserId,
    fencingToken: row.fencingToken as FencingToken,
    until: row.until as Instant,
  };
}

function brokenLeaseToRow(broken: BrokenLease): BrokenLeaseRow {
  return { ...broken, lockNames: JSON.stringify(broken.lockNames) };
}

/** Throws `UnusableRowError`. */
export function brokenLeaseFromRow(row: BrokenLeaseRow): BrokenLease {
  return {
    leaseId: row.leaseId as LeaseId,
    userId: row.userId as UserId,
    fencingToken: row.fencingToken as FencingToken,
    lockNames: fromStoredJson(row.lockNames, 'broken_leases', (value) => readList(value, readLockName)),
    brokenBy: row.brokenBy as UserId | null,
    reason: row.reason,
    brokenAt: row.brokenAt as Instant,
  };
}

export function fenceFromRow({ name, userId, highest }: FenceRow): Fence {
  return { name: name as FenceName, userId: userId as UserId, highest: highest as FencingToken };
}

function unreachable(change: never): never {
  throw new Error(`unexpected change: ${JSON.stringify(change)}`);
}
