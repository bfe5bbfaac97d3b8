import type { SessionFacts } from './session-facts.js';
import { locksOfRequest, partOf, type LockRequest, type Operation, type LockOutcome } from './operation.js';

/** An acknowledged grant. It took effect some time between `callMs` and `returnMs`. */
export interface Grant {
  readonly lockName: string;
  readonly leaseId: string;
  readonly token: number;
  readonly callMs: number;
  readonly returnMs: number;
}

/** An answer with the highest token so far. */
export interface Sighting {
  readonly token: number;
  readonly callMs: number;
  readonly returnMs: number;
}

/** The requests of clients and their outcomes, by lock. All times are milliseconds on the monotonic clock of the machine. */
export class History {
  readonly byLock = new Map<string, Operation[]>();
  readonly grants: Grant[] = [];
  readonly sightings: Sighting[] = [];
  /** Sessions that an answer said were over. */
  readonly goneSessions: SessionFacts[] = [];
  readonly counts = new Map<string, number>();
  /** Requests of all kinds that were answered. */
  answered = 0;
  unanswered = 0;
  /** How long after its call a request without an answer may still be granted, even after a later release of its lease. */
  grantedLateByMs = 0;
  #openUnknowns: { noLaterThanMs: number }[] = [];
  /** When a lease, or an upgrade of it, was first requested without an answer. Null once its token is known. */
  readonly #requested = new Map<string, number | null>();

  readonly #tokens = new Set<number>();

  /** @param lock that the request named; a refusal is about this one. */
  answer(lock: string, request: LockRequest, outcome: LockOutcome, callMs: number, returnMs: number): void {
    const locks = locksOfRequest(lock, request, outcome);
    for (const name of locks) this.#put(name, { ...partOf(name, request, outcome), callMs, returnMs });
    this.answered += 1;
    this.#count(`${request.kind}: ${outcome.kind}`);
    if (outcome.kind === 'free' || outcome.kind === 'delayed')
      this.#see(outcome.highestToken, callMs, returnMs);
    // A token that no answer has shown before is that of an upgrade, or of a grant that was never answered.
    if (request.kind === 'convert' && outcome.kind === 'converted')
      this.#learn(locks, request.tag, outcome.token, callMs, returnMs);
    if (request.kind !== 'acquire') return;
    if (outcome.kind === 'granted') this.#grant(locks, request.tag, outcome.token, callMs, returnMs);
    // A standby may have sent this request twice, so that its client learns of the grant as that of a lease that it has already.
    if (outcome.kind === 'held' && outcome.isOwn)
      this.#learn(locks, outcome.tag, outcome.token, callMs, returnMs);
  }

  /** No answer came. */
  lost(lock: string, request: LockRequest, callMs: number): void {
    const outcome = { kind: 'unknown' as const, noLaterThanMs: Infinity };
    this.#openUnknowns.push(outcome);
    for (let copy = 0; copy < this.#copiesOf(request); copy += 1)
      for (const name of locksOfRequest(lock, request, outcome))
        this.#put(name, {
          request: partOf(name, request, outcome).request,
          outcome,
          callMs,
          returnMs: Infinity,
        });
    this.unanswered += 1;
    this.#count(`${request.kind}: no answer`);
    if (request.kind === 'acquire' || request.kind === 'convert') this.#requestedAt(request.tag, callMs);
  }

  /** An answer that says nothing about a lock. */
  other(what: string): void {
    this.answered += 1;
    this.#count(what);
  }

  /** An answer said that a session is over. */
  sessionGone(session: SessionFacts): void {
    this.goneSessions.push(session);
  }

  /** The server has died. What it had not answered took effect before that, or never. */
  serverDied(atMs: number): void {
    for (const outcome of this.#openUnknowns) outcome.noLaterThanMs = atMs;
    this.#openUnknowns = [];
  }

  #see(token: number | undefined, callMs: number, returnMs: number): void {
    if (token !== undefined) this.sightings.push({ token, callMs, returnMs });
  }

  /**
   * A standby sends an acquire again if its connection breaks. A leader that was frozen can find both copies later, and grant the lock again
   * after the lease of the first one was released.
   */
  #copiesOf({ kind }: LockRequest): number {
    return kind === 'acquire' && this.grantedLateByMs > 0 ? 2 : 1;
  }

  #requestedAt(leaseId: string, callMs: number): void {
    this.#requested.set(leaseId, this.#requested.get(leaseId) ?? callMs);
  }

  /** An answer shows the token of a lease, which may be that of an earlier request without an answer. */
  #learn(locks: readonly string[], leaseId: string, token: number, callMs: number, returnMs: number): void {
    if (this.#tokens.has(token)) return;
    this.#grant(locks, leaseId, token, this.#requested.get(leaseId) ?? callMs, returnMs);
  }

  #grant(locks: readonly string[], leaseId: string, token: number, callMs: number, returnMs: number): void {
    this.#requested.set(leaseId, null);
    this.#tokens.add(token);
    for (const lockName of locks) this.grants.push({ lockName, leaseId, token, callMs, returnMs });
  }

  #put(lock: string, operation: Operation): void {
    const operations = this.byLock.get(lock);
    if (operations === undefined) this.byLock.set(lock, [operation]);
    else operations.push(operation);
  }

  #count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }
}

export function describeGrant({ lockName, leaseId, token, callMs, returnMs }: Grant): string {
  return `token ${token} (${lockName}, lease ${leaseId}, asked at ${callMs}, acknowledged at ${returnMs})`;
}
