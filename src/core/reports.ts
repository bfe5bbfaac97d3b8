import type { Hold } from './model/demand.js';
import {
  actorOf,
  actorWith,
  serviceActor,
  type EventActor,
  type EndedLease,
  type LockWarning,
  type OwnEventType,
  type ReportedEvent,
} from './model/event.js';
import type { UserId } from './model/ids.js';
import { holdOn, lockNamesOf, locksOf, type Lease } from './model/lease.js';
import type { LockName } from './model/lock-name.js';
import type { Instant } from './model/time.js';
import type { Numbers } from './state/numbers.js';

type Envelope = Pick<ReportedEvent, 'sequence' | 'at' | 'actor' | 'subject'>;

/** The events of one step. A lease of several locks has an event for each of them. */
export class Reports {
  readonly events: ReportedEvent[] = [];

  constructor(
    private readonly numbers: Numbers,
    private readonly now: Instant,
  ) {}

  add(type: OwnEventType, lease: Lease): void {
    const { lockName, terms } = lease;
    const leaseLocks = lockNamesOf(lease);
    this.#addOne(type, lease, lockName, terms.hold, leaseLocks);
    for (const other of terms.others) this.#addOne(type, lease, other.lockName, other.hold, leaseLocks);
  }

  addBreak(lease: Lease, brokenBy: UserId | null, reason: string): void {
    for (const { lockName, hold } of locksOf(lease)) {
      const body = { ...endedBody(lease, hold), reason };
      this.events.push({ ...this.#envelope(lockName, actorWith(brokenBy)), type: 'broken', body });
    }
  }

  addReleaseRequest(lease: Lease, lockName: LockName, requestedBy: UserId, message: string | null): void {
    const body = { ...endedBody(lease, holdOn(lease, lockName)), expiresAt: lease.deadline, message };
    this.events.push({
      ...this.#envelope(lockName, actorWith(requestedBy)),
      type: 'release_requested',
      body,
    });
  }

  addWarning(lockName: LockName, lease: EndedLease, warning: LockWarning): void {
    const body = { ...lease, warning };
    this.events.push({ ...this.#envelope(lockName, serviceActor()), type: 'warning', body });
  }

  // Runs for every grant, so it builds each object with a single literal, which is faster.
  #addOne(
    type: OwnEventType,
    { holder, fencingToken, metadata, deadline }: Lease,
    lockName: LockName,
    hold: Hold,
    leaseLocks: readonly LockName[],
  ): void {
    const sequence = this.numbers.nextSequence();
    const at = this.now;
    const actor = actorOf(type, holder.userId);
    const subject = { kind: 'lock', lockName } as const;
    if (type === 'acquired' || type === 'renewed') {
      const body = { holder, fencingToken, metadata, hold, leaseLocks, expiresAt: deadline };
      this.events.push({ sequence, at, actor, subject, type, body });
    } else {
      const body = { holder, fencingToken, metadata, hold, leaseLocks };
      this.events.push({ sequence, at, actor, subject, type, body });
    }
  }

  #envelope(lockName: LockName, actor: EventActor): Envelope {
    return {
      sequence: this.numbers.nextSequence(),
      at: this.now,
      actor,
      subject: { kind: 'lock', lockName },
    };
  }
}

function endedBody(lease: Lease, hold: Hold): EndedLease {
  const { holder, fencingToken, metadata } = lease;
  return { holder, fencingToken, metadata, hold, leaseLocks: lockNamesOf(lease) };
}
