import type { Change } from '../../src/core/model/change.js';
import type { Lease } from '../../src/core/model/lease.js';
import type { DurableState } from '../../src/core/recovery.js';
import type { Session } from '../../src/core/model/session.js';
import { fencingToken, sequence } from './law.js';

/** What a journal would hold after the changes that it was given: rows by their keys, and two counters. */
export class DurableRows {
  readonly leases = new Map<number, Lease>();
  readonly sessions = new Map<string, Session>();

  write(change: Change): void {
    switch (change.kind) {
      case 'lease_granted':
      case 'lease_extended':
        this.leases.set(change.lease.fencingToken, change.lease);
        break;
      case 'lease_ended':
        this.leases.delete(change.lease.fencingToken);
        break;
      case 'session_saved':
        this.sessions.set(change.session.sessionId, change.session);
        break;
      case 'session_removed':
        this.sessions.delete(change.session.sessionId);
        break;
    }
  }

  /** As a start would load it, leases in the order of their tokens. */
  load(lastFencingToken: number, lastSequence: number): DurableState {
    return {
      leases: [...this.leases.values()].toSorted((a, b) => a.fencingToken - b.fencingToken),
      sessions: [...this.sessions.values()],
      lastFencingToken: fencingToken(lastFencingToken),
      lastSequence: sequence(lastSequence),
    };
  }
}
