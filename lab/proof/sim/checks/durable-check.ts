import type { FencingToken, LeaseId, Sequence, SessionId, UserId } from '../../../../src/core/model/ids.js';
import type { Event } from '../../../../src/core/model/event.js';
import { USUAL_TERMS, type Lease, type LeaseTerms } from '../../../../src/core/model/lease.js';
import type { LockName } from '../../../../src/core/model/lock-name.js';
import type { Session } from '../../../../src/core/model/session.js';
import type { Instant } from '../../../../src/core/model/time.js';
import type { DurableState } from '../../../../src/core/recovery.js';
import type { Step } from '../../../../src/core/step.js';
import type { Batch } from '../../../../src/journal/batch.js';
import type { LoggedEvent } from '../../../../src/journal/logged-event.js';
import type { LeaseRow } from '../../../../src/journal/rows/lease-row.js';
import type { SessionRow } from '../../../../src/journal/rows/session-row.js';
import type { SimDisk } from '../world/disk.js';

interface Decision {
  readonly number: number;
  readonly step: Step;
}

/** Checks that each batch holds exactly what was decided since the one before, and knows which decisions are durable. */
export class DurableCheck {
  /** Every durable event; the one with sequence n is at n - 1. */
  readonly events: LoggedEvent[] = [];
  readonly #report: (broken: string) => void;
  /** Decisions that changed something which is not durable yet. */
  #pending: Decision[] = [];
  /** The last decision in each batch. */
  readonly #lastOf = new WeakMap<Batch, number>();
  #decisions = 0;
  #newestToken = 0;

  constructor(report: (broken: string) => void) {
    this.#report = report;
  }

  get lastSequence(): number {
    return this.events.length;
  }

  /** The number of the last decision. */
  get decisions(): number {
    return this.#decisions;
  }

  /** Whether a crash can no longer undo what the decision, and any before it, has changed. */
  isDurable(decision: number): boolean {
    const [first] = this.#pending;
    return first === undefined || first.number > decision;
  }

  /** A process has died. What it had not written is lost. */
  died(): void {
    this.#pending = [];
  }

  decided(step: Step): void {
    this.#decisions += 1;
    if (step.changes.length > 0) this.#pending.push({ number: this.#decisions, step });
  }

  /** A commit begins. It contains everything decided so far. */
  begun(batch: Batch): void {
    this.#lastOf.set(batch, this.#decisions);
  }

  /** @param isServing false for a batch that a start writes before anything is decided. */
  written(batch: Batch, isServing: boolean): void {
    this.#log(batch);
    if (!isServing) return;
    const last = this.#lastOf.get(batch) ?? 0;
    const steps = this.#pending.filter(({ number }) => number <= last).map(({ step }) => step);
    this.#pending = this.#pending.filter(({ number }) => number > last);
    const isSame = contentsOf(batch) === contentsAfter(steps);
    if (!isSame) this.#report(`${contentsOf(batch)} was written, not ${contentsAfter(steps)}`);
  }

  #log({ rows, watermarks }: Batch): void {
    for (const event of rows.events) {
      if (event.sequence !== this.lastSequence + 1)
        this.#report(`event ${event.sequence} follows ${this.lastSequence}`);
      this.events.push(event);
      if (event.type === 'acquired') this.#newestToken = event.body.fencingToken;
    }
    if (watermarks.lastSequence !== this.lastSequence) this.#report('the log and its watermark differ');
    if (watermarks.lastFencingToken < this.#newestToken)
      this.#report('the token counter lags behind a grant');
  }
}

/** What a start finds on a disk. */
export function durableStateOn({ leases, sessions, fences, server }: SimDisk): DurableState {
  return {
    leases: [...leases.values()].toSorted((a, b) => a.fencingToken - b.fencingToken).map(leaseIn),
    sessions: [...sessions.values()].map(sessionIn),
    fences: [...fences.values()].map(fenceIn),
    lastFencingToken: server.lastFencingToken as FencingToken,
    lastSequence: server.lastSequence as Sequence,
  };
}

/** The rows of a batch as text: what is written under each key, null for what is removed. */
function contentsOf({ rows }: Batch): string {
  const contents = new Map<string, unknown>();
  for (const key of rows.of('leases').removed) contents.set(`lease ${key}`, null);
  for (const row of rows.of('leases').put) contents.set(`lease ${row.fencingToken}`, leaseIn(row));
  for (const key of rows.of('sessions').removed) contents.set(`session ${key}`, null);
  for (const row of rows.of('sessions').put) contents.set(`session ${row.sessionId}`, sessionIn(row));
  for (const event of rows.events) contents.set(`event ${event.sequence}`, withoutTimes(event));
  return asText(contents);
}

/** The same for the steps whose changes it must hold. */
function contentsAfter(steps: readonly Step[]): string {
  const contents = new Map<string, unknown>();
  for (const { changes, events } of steps) {
    for (const change of changes) {
      if ('lease' in change) {
        const isOver = change.kind === 'lease_ended';
        contents.set(`lease ${change.lease.fencingToken}`, isOver ? null : lease(change.lease));
      } else {
        const isOver = change.kind === 'session_removed';
        contents.set(`session ${change.session.sessionId}`, isOver ? null : session(change.session));
      }
    }
    for (const event of events) contents.set(`event ${event.sequence}`, withoutTimes(event));
  }
  return asText(contents);
}

function asText(contents: ReadonlyMap<string, unknown>): string {
  return JSON.stringify([...contents].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function leaseIn({ userId, sessionId, ...row }: LeaseRow): Lease {
  return lease({
    leaseId: row.leaseId as LeaseId,
    lockName: row.lockName as LockName,
    holder: { userId: userId as UserId, sessionId: sessionId as SessionId | null },
    fencingToken: row.fencingToken as FencingToken,
    ttlSeconds: row.ttlSeconds,
    deadline: row.deadline as Instant,
    metadata: row.metadata,
    terms: row.terms === null ? USUAL_TERMS : (JSON.parse(row.terms) as LeaseTerms),
  });
}

function sessionIn(row: SessionRow): Session {
  return session(row as Session);
}

/** An event without its times, which are wall-clock times in the log, and with its fields in one order. */
function withoutTimes({ sequence, type, actor, subject, body }: Event<unknown>): unknown {
  const { holder, fencingToken, metadata, hold, leaseLocks } = body;
  const { userId, sessionId } = holder;
  const by = actor.kind === 'user' ? actor.userId : actor.kind;
  return {
    sequence,
    type,
    by,
    lockName: subject.lockName,
    userId,
    sessionId,
    fencingToken,
    metadata,
    hold,
    leaseLocks,
  };
}

/** The fields in one order, so that equal values have equal texts. */
function lease(of: Lease): Lease {
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
    terms,
  };
}

function session({ sessionId, userId, ttlSeconds, state, deadline }: Session): Session {
  return { sessionId, userId, ttlSeconds, state, deadline };
}
