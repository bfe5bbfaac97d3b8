import type { BrokenLease } from '../../../src/core/model/broken-lease.js';
import type { Change } from '../../../src/core/model/change.js';
import type { Cooling } from '../../../src/core/model/cooling.js';
import type { Fence } from '../../../src/core/model/fence.js';
import type { Lease } from '../../../src/core/model/lease.js';
import type { DurableState } from '../../../src/core/recovery.js';
import type { Session } from '../../../src/core/model/session.js';
import type { FencingToken, Sequence } from '../../../src/core/model/ids.js';

type Rows = Pick<DurableState, 'leases' | 'sessions' | 'coolings' | 'brokenLeases' | 'fences'>;

/** What a journal holds after the changes that were written to it. */
export class DurableRows {
  readonly leases = new Map<number, Lease>();
  readonly sessions = new Map<string, Session>();
  readonly fences = new Map<string, Fence>();
  readonly coolings = new Map<string, Cooling>();
  readonly brokenLeases = new Map<number, BrokenLease>();

  static of({ leases, sessions, coolings, brokenLeases, fences }: Rows): DurableRows {
    const rows = new DurableRows();
    for (const lease of leases) rows.leases.set(lease.fencingToken, lease);
    for (const session of sessions) rows.sessions.set(session.sessionId, session);
    for (const cooling of coolings) rows.coolings.set(cooling.lockName, cooling);
    for (const broken of brokenLeases) rows.brokenLeases.set(broken.fencingToken, broken);
    for (const fence of fences) rows.fences.set(fence.name, fence);
    return rows;
  }

  write(change: Change): void {
    switch (change.kind) {
      case 'lease_granted':
      case 'lease_extended':
        this.leases.set(change.lease.fencingToken, change.lease);
        break;
      case 'lease_ended':
        this.leases.delete(change.lease.fencingToken);
        break;
      case 'lease_converted':
        this.leases.delete(change.from.fencingToken);
        this.leases.set(change.to.fencingToken, change.to);
        break;
      case 'cooling_began':
        this.coolings.set(change.cooling.lockName, change.cooling);
        break;
      case 'cooling_ended':
        this.coolings.delete(change.cooling.lockName);
        break;
      case 'broken_lease_saved':
        this.brokenLeases.set(change.broken.fencingToken, change.broken);
        break;
      case 'broken_lease_forgotten':
        this.brokenLeases.delete(change.broken.fencingToken);
        break;
      case 'session_saved':
        this.sessions.set(change.session.sessionId, change.session);
        break;
      case 'session_removed':
        this.sessions.delete(change.session.sessionId);
        break;
      case 'fence_saved':
        this.fences.set(change.fence.name, change.fence);
        break;
      case 'fence_removed':
        this.fences.delete(change.fence.name);
        break;
    }
  }

  /** What a start loads, with the leases in the order of their tokens. */
  load(lastFencingToken: number, lastSequence: number): DurableState {
    return {
      leases: [...this.leases.values()].toSorted((a, b) => a.fencingToken - b.fencingToken),
      sessions: [...this.sessions.values()],
      coolings: [...this.coolings.values()],
      brokenLeases: [...this.brokenLeases.values()].toSorted((a, b) => a.fencingToken - b.fencingToken),
      fences: [...this.fences.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      lastFencingToken: lastFencingToken as FencingToken,
      lastSequence: lastSequence as Sequence,
    };
  }
}
