import { locksOfAsk, partOf, type Ask, type Operation, type Told } from './operation.js';

/** A grant that a client was told of. It took effect some time between `callMs` and `returnMs`. */
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

/** What clients asked and were told, by lock. All times are milliseconds on the monotonic clock of the machine. */
export class History {
  readonly byLock = new Map<string, Operation[]>();
  readonly grants: Grant[] = [];
  readonly sightings: Sighting[] = [];
  readonly counts = new Map<string, number>();
  /** Requests of all kinds that were answered. */
  answered = 0;
  unanswered = 0;
  #openUnknowns: { noLaterThanMs: number }[] = [];
  /** When a lease was first asked for without an answer. Null once its token is known. */
  readonly #asked = new Map<string, number | null>();

  /** @param lock that the request named; a conflict is about this one. */
  answer(lock: string, ask: Ask, told: Told, callMs: number, returnMs: number): void {
    const locks = locksOfAsk(lock, ask, told);
    for (const name of locks) this.#put(name, { ...partOf(name, ask, told), callMs, returnMs });
    this.answered += 1;
    this.#count(`${ask.kind}: ${told.kind}`);
    if (told.kind === 'free') this.sightings.push({ token: told.highestToken, callMs, returnMs });
    if (ask.kind !== 'acquire') return;
    if (told.kind === 'granted') this.#grant(locks, ask.tag, told.token, callMs, returnMs);
    if (told.kind === 'held' && told.isOwn) {
      const callMs = this.#asked.get(told.tag) ?? null;
      if (callMs !== null) this.#grant(locks, told.tag, told.token, callMs, returnMs);
    }
  }

  /** No answer came. */
  lost(lock: string, ask: Ask, callMs: number): void {
    const told = { kind: 'unknown' as const, noLaterThanMs: Infinity };
    this.#openUnknowns.push(told);
    for (const name of locksOfAsk(lock, ask, told))
      this.#put(name, { ask: partOf(name, ask, told).ask, told, callMs, returnMs: Infinity });
    this.unanswered += 1;
    this.#count(`${ask.kind}: no answer`);
    if (ask.kind === 'acquire' && !this.#asked.has(ask.tag)) this.#asked.set(ask.tag, callMs);
  }

  /** An answer that says nothing about a lock. */
  other(what: string): void {
    this.answered += 1;
    this.#count(what);
  }

  /** The server has died. What it had not answered took effect before that, or never. */
  serverDied(atMs: number): void {
    for (const told of this.#openUnknowns) told.noLaterThanMs = atMs;
    this.#openUnknowns = [];
  }

  #grant(locks: readonly string[], leaseId: string, token: number, callMs: number, returnMs: number): void {
    this.#asked.set(leaseId, null);
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
