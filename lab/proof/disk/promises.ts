import { randomUUID } from 'node:crypto';
import { NO_COOLING } from '../../../src/core/model/cooling.js';
import { EXCLUSIVE } from '../../../src/core/model/demand.js';
import type { LeaseId, SessionId, UserId } from '../../../src/core/model/ids.js';
import type { LockName } from '../../../src/core/model/lock-name.js';
import type { LockStore } from '../../../src/store/lock-store.js';
import type { Instant } from '../../../src/core/model/time.js';
import { LockPromise, type FoundLease } from './lock-promise.js';
import { locksOfRequest, type Note, type Request } from './notes.js';
import { SessionPromise } from './session-promise.js';

const BEFORE_ALL = 0 as Instant;

/** Everything that clients were promised up to a moment, against which a store that comes back is held. */
export class Promises {
  readonly #locks = new Map<LockName, LockPromise>();
  readonly #sessions = new Map<SessionId, SessionPromise>();
  readonly #requests = new Map<number, Request>();
  /** Answers that promise something. */
  acknowledged = 0;
  #fencingToken = 0;
  #sequence = 0;
  #epoch = 0;

  add(note: Note): void {
    if (note.kind === 'committed') this.#sequence = Math.max(this.#sequence, note.sequence);
    else if (note.kind === 'opened') this.#epoch = note.epoch;
    else if (note.kind === 'requested') this.#requested(note.id, note.request);
    else this.#answer(note);
  }

  #requested(id: number, request: Request): void {
    this.#requests.set(id, request);
    if ('sessionId' in request) return this.#session(request.sessionId).requested(id, request);
    for (const name of locksOfRequest(request)) this.#lock(name).requested(id, request);
  }

  #answer({ id, answer }: Extract<Note, { kind: 'answered' }>): void {
    const request = this.#requests.get(id);
    if (request === undefined) throw new Error(`no one made request ${id}`);
    this.#requests.delete(id);
    this.acknowledged += 1;
    if ('fencingToken' in answer) this.#fencingToken = Math.max(this.#fencingToken, answer.fencingToken);
    if ('sessionId' in request) return this.#session(request.sessionId).answered(id, answer);
    for (const name of locksOfRequest(request)) this.#lock(name).answered(id, answer);
  }

  /** Compares the promises with a store that has come back, and grants a new lease in it. Returns what is wrong. */
  async problemsOf(store: LockStore): Promise<string[]> {
    const problems = await this.#problemsOfState(store);
    if (store.epoch <= this.#epoch) problems.push(`epoch ${store.epoch} comes again`);
    if (this.#sequence > 0) {
      const [event] = await store.log.after(this.#sequence - 1, 1);
      if (event?.sequence !== this.#sequence) problems.push(`event ${this.#sequence} is lost`);
    }
    const newest = await grantIn(store);
    if (newest <= this.#fencingToken) {
      problems.push(`token ${newest} is granted after ${this.#fencingToken}`);
    }
    return problems;
  }

  get lockNames(): LockName[] {
    return [...this.#locks.keys()];
  }

  /** The highest acknowledged token. */
  get fencingToken(): number {
    return this.#fencingToken;
  }

  /** Compares the promises with the leases that are there, by lock. Returns what is wrong. */
  problemsOfLocks(found: ReadonlyMap<LockName, readonly FoundLease[]>): string[] {
    const unrequested = [...found.keys()].filter((name) => !this.#locks.has(name));
    const problems = unrequested.map((name) => `${name}: a lock that no one requested`);
    for (const [name, lock] of this.#locks) {
      const problem = lock.problemWith(found.get(name) ?? []);
      if (problem !== null) problems.push(`${name}: ${problem}`);
    }
    return problems;
  }

  #problemsOfState(store: LockStore): Promise<string[]> {
    return store.read((state) => {
      const problems: string[] = [];
      const say = (of: string, problem: string | null): void => {
        if (problem !== null) problems.push(`${of}: ${problem}`);
      };
      // A moment before all time: deadlines that have passed are not the subject here.
      const found = new Map<LockName, FoundLease[]>();
      for (const { lockName, hold, lease } of state.heldLocks('', null, BEFORE_ALL)) {
        found.set(lockName, [...(found.get(lockName) ?? []), { ...lease, hold }]);
      }
      problems.push(...this.problemsOfLocks(found));
      for (const [name, lock] of this.#locks) {
        say(name, lock.problemWithCooling(state.availableAt(name, BEFORE_ALL)));
      }
      for (const [id, session] of this.#sessions) {
        say(`session ${id}`, session.problemWith(state.session(id)?.deadline ?? null));
      }
      const { lastFencingToken, lastSequence } = state;
      if (lastFencingToken < this.#fencingToken) problems.push(`tokens go on after ${lastFencingToken}`);
      if (lastSequence < this.#sequence) problems.push(`events go on after ${lastSequence}`);
      return problems;
    });
  }

  #lock(name: LockName): LockPromise {
    const known = this.#locks.get(name) ?? new LockPromise(name);
    this.#locks.set(name, known);
    return known;
  }

  #session(id: SessionId): SessionPromise {
    const known = this.#sessions.get(id) ?? new SessionPromise();
    this.#sessions.set(id, known);
    return known;
  }
}

async function grantIn(store: LockStore): Promise<number> {
  const answer = await store.acquire(
    {
      wants: [{ lockName: 'after/the/return' as LockName, demand: EXCLUSIVE }],
      holder: { userId: 'somebody' as UserId, sessionId: null },
      leaseId: randomUUID() as LeaseId,
      leaseIdChosen: true,
      ttlSeconds: 60,
      metadata: null,
      cooling: NO_COOLING,
    },
    0,
  );
  if (answer.kind !== 'acquired') throw new Error(`a free lock was answered with ${answer.kind}`);
  return answer.lease.fencingToken;
}
