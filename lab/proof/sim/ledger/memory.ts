import type { LeaseId, SessionId, UserId } from '../../../../src/core/model/ids.js';
import type { LockName } from '../../../../src/core/model/lock-name.js';
import type { Span } from './span.js';

/** A lease that the simulation has seen. */
export interface Hold {
  readonly token: number;
  readonly lockName: LockName;
  readonly userId: UserId;
  readonly sessionId: SessionId | null;
  readonly leaseId: LeaseId;
  readonly span: Span;
  /** Its holder has asked for the end. A crash may undo that, unless the holder was told. */
  isReleased: boolean;
  /** Its loss in a restart has been looked into. */
  isOver: boolean;
  isTold: boolean;
}

export interface KnownSession {
  readonly id: SessionId;
  readonly userId: UserId;
  readonly span: Span;
  isClosed: boolean;
  isTold: boolean;
}

/** What the ledgers share: everything that was ever seen, by its identity. */
export class Memory {
  readonly holds = new Map<number, Hold>();
  readonly sessions = new Map<string, KnownSession>();
  /** No lease of this lock below this token can be alive: somebody was told so. */
  readonly deadBelow = new Map<LockName, number>();
  /** Leases that a second request of the same holder has met. */
  readonly shared = new Set<number>();
  /** Tokens of leases that may have come and gone within one step. */
  readonly unseen = new Set<number>();
  newestTokenTold = 0;

  tellDead(lockName: LockName, below: number): void {
    this.deadBelow.set(lockName, Math.max(below, this.deadBelow.get(lockName) ?? 0));
  }

  isDead(lockName: LockName, token: number): boolean {
    return token < (this.deadBelow.get(lockName) ?? 0);
  }
}
