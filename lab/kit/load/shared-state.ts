import { randomUUID } from 'node:crypto';
import { SESSION_LOCKS } from '../history/event-log-check.js';
import type { Random } from '../random.js';
import { History } from '../history/history.js';
import type { Tag } from '../history/operation.js';

/** A lease that a client requested. */
export interface LeaseName {
  readonly lock: string;
  readonly tag: Tag;
  readonly leaseId: string;
  readonly user: string;
}

/** How many leases to remember, for other users to try. */
const REMEMBERED = 64;

/** What all clients of a run share: the history, the lock names, and the violations that clients saw. */
export class SharedState {
  readonly history = new History();
  readonly violations: string[] = [];
  /** Answers that clients did not expect. */
  readonly unexpected: string[] = [];
  readonly #recent: LeaseName[] = [];
  #tags = 0;

  /** @param isSameWallClock whether the server has the wall clock of this process. If not, ends in its answers are not checked. */
  constructor(
    private readonly locks: number,
    private readonly operationsPerLock: number,
    readonly isSameWallClock = true,
  ) {}

  violation(sentence: string): void {
    this.violations.push(sentence);
  }

  newLease(lock: string, user: string): LeaseName {
    this.#tags += 1;
    const lease = { lock, tag: `${user}.${this.#tags}`, leaseId: randomUUID(), user };
    this.#recent[this.#tags % REMEMBERED] = lease;
    return lease;
  }

  /** A recent lease of any client. */
  recentLease(random: Random): LeaseName | undefined {
    return this.#recent[random.below(this.#recent.length)];
  }

  /** A lock that all clients want. The names change over time, so that no lock's history grows too long to check. */
  sharedLock(random: Random): string {
    return `hot/${this.#generation}/${random.below(this.locks)}`;
  }

  /** A lock for leases that belong to sessions. */
  sessionLock(random: Random): string {
    return `${SESSION_LOCKS}${this.#generation}/${random.below(this.#sessionLocks)}`;
  }

  /** All locks that this many clients use at present. */
  presentLocks(clients: number): string[] {
    return [
      ...numbered(this.locks, (number) => `hot/${this.#generation}/${number}`),
      ...numbered(this.#sessionLocks, (number) => `${SESSION_LOCKS}${this.#generation}/${number}`),
      ...numbered(clients, (number) => this.ownLock(number)),
    ];
  }

  /** A lock that only one client uses. A webhook receives its events. */
  ownLock(client: number): string {
    return `own/${this.#generation}/${client}`;
  }

  get #sessionLocks(): number {
    return Math.ceil(this.locks / 4);
  }

  get #generation(): number {
    return Math.floor(this.history.answered / (this.locks * this.operationsPerLock));
  }
}

/** The user that a tag belongs to. */
export function userOf(tag: Tag): string {
  return tag.slice(0, tag.indexOf('.'));
}

/** The bearer token of a user. */
export function tokenOf(user: string): string {
  return `bearer-token-of-${user}`;
}

function numbered(count: number, name: (number: number) => string): string[] {
  return Array.from({ length: count }, (_, number) => name(number));
}
