import { randomUUID } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import type { Hold } from '../../../src/core/model/demand.js';
import type { FencingToken, LeaseId, SessionId, UserId } from '../../../src/core/model/ids.js';
import { locksOf, type Lease } from '../../../src/core/model/lease.js';
import type { LockName } from '../../../src/core/model/lock-name.js';
import type { Obstacle } from '../../../src/core/model/outcome.js';
import type { LockStore } from '../../../src/store/lock-store.js';
import type { Answer, NoteSink, Request } from './notes.js';
import type { Random } from '../../kit/random.js';
import { coolingWish, drawWish, type StoreWish } from './store-wants.js';

const LOCKS_PER_CLIENT = 6;

/** So long that nothing expires while a proof runs. */
const TTL_MIN_SECONDS = 1800;
const TTL_MAX_SECONDS = 3600;

interface Held {
  readonly lockName: LockName;
  readonly others: readonly LockName[];
  readonly leaseId: LeaseId;
  readonly fencingToken: FencingToken;
}

/** Numbers the requests of a store's clients, and records each one before it is made. */
export class RequestRecorder {
  readonly #sink: NoteSink;
  #lastId: number;

  /** @param lastId the last number that is already in use. */
  constructor(sink: NoteSink, lastId = 0) {
    this.#sink = sink;
    this.#lastId = lastId;
  }

  /** Records a request. Call the returned function with its answer. */
  record(request: Request): (answer: Answer) => void {
    const id = (this.#lastId += 1);
    this.#sink({ kind: 'requested', id, request });
    return (answer) => this.#sink({ kind: 'answered', id, answer });
  }
}

/** Acquires, renews and releases a few locks of its own, in any mode, sometimes tries those of a neighbour, and keeps sessions. */
export class StoreClient {
  readonly #store: LockStore;
  readonly #recorder: RequestRecorder;
  readonly #random: Random;
  readonly #number: number;
  readonly #neighbour: number;
  readonly #userId: UserId;
  readonly #held = new Map<LockName, Held>();
  #sessionId: SessionId | null = null;
  #lastTtl = TTL_MIN_SECONDS;
  /** The number of the last lock that cools once it is released. No one asks for it again. */
  #lastCooling = 0;

  /** @param neighbour the number of the client whose locks this one tries to acquire sometimes. */
  constructor(
    store: LockStore,
    recorder: RequestRecorder,
    random: Random,
    number: number,
    neighbour: number,
  ) {
    this.#store = store;
    this.#recorder = recorder;
    this.#random = random;
    this.#number = number;
    this.#neighbour = neighbour;
    this.#userId = `user-${number}` as UserId;
  }

  /** Rejects when the store does. */
  async work(requests: number): Promise<void> {
    for (let done = 0; done < requests; done += 1) {
      await this.oneRequest();
      // Random delays vary which commands share a commit.
      while (this.#random.chance(0.3)) await turn();
    }
  }

  async oneRequest(): Promise<void> {
    if (this.#random.chance(0.15)) return this.#useSession();
    const cooling = nameOf(this.#number, `cooling-${this.#lastCooling}`);
    const mayCool = this.#random.chance(0.1);
    if (mayCool && !this.#held.has(cooling)) return this.#acquire(this.#nextCoolingWish());
    const client = this.#random.chance(0.1) ? this.#neighbour : this.#number;
    const names = Array.from({ length: LOCKS_PER_CLIENT }, (_, index) => nameOf(client, `lock-${index}`));
    const name = this.#random.pick(names);
    const held = this.#held.get(mayCool ? cooling : name);
    const others = names.filter((other) => other !== name && !this.#held.has(other));
    if (held === undefined) return this.#acquire(drawWish(this.#random, name, others));
    return this.#random.chance(0.5) ? this.#renew(held) : this.#release(held);
  }

  #nextCoolingWish(): StoreWish {
    this.#lastCooling += 1;
    return coolingWish(nameOf(this.#number, `cooling-${this.#lastCooling}`));
  }

  async #acquire(wish: StoreWish): Promise<void> {
    const leaseId = randomUUID() as LeaseId;
    const [{ lockName }, ...more] = wish.wants;
    const others = more.map((want) => want.lockName);
    const answered = this.#recorder.record({ kind: 'acquire', lockName, others, leaseId });
    const outcome = await this.#store.acquire(
      {
        ...wish,
        holder: { userId: this.#userId, sessionId: null },
        leaseId,
        leaseIdChosen: true,
        ttlSeconds: this.#ttlSeconds(),
        metadata: this.#random.chance(0.3) ? 'm'.repeat(this.#random.below(1024)) : null,
      },
      0,
    );
    if (outcome.kind === 'acquired') {
      const { fencingToken, deadline, terms } = outcome.lease;
      const held = { lockName, others, leaseId, fencingToken };
      for (const name of [lockName, ...others]) this.#held.set(name, held);
      answered({
        kind: 'granted',
        fencingToken,
        deadline,
        holds: holdsOf(outcome.lease),
        keptUntil: terms.keptUntil,
      });
    } else if (outcome.kind === 'conflict') {
      answered({ kind: 'conflict', fencingToken: holderIn(outcome.obstacle).fencingToken });
    } else {
      throw new Error(`unexpected outcome of an acquire: ${outcome.kind}`);
    }
  }

  async #renew({ lockName, others, leaseId, fencingToken }: Held): Promise<void> {
    const answered = this.#recorder.record({ kind: 'renew', lockName, others, fencingToken });
    const outcome = await this.#store.execute({
      kind: 'renew',
      lockName,
      leaseId,
      userId: this.#userId,
      ttlSeconds: this.#ttlSeconds(),
    });
    if (outcome.kind !== 'renewed') throw new Error(`unexpected outcome of a renewal: ${outcome.kind}`);
    answered({ kind: 'renewed', fencingToken, deadline: outcome.lease.deadline });
  }

  async #release({ lockName, others, leaseId, fencingToken }: Held): Promise<void> {
    const answered = this.#recorder.record({ kind: 'release', lockName, others, fencingToken });
    const outcome = await this.#store.execute({ kind: 'release', lockName, leaseId, userId: this.#userId });
    if (outcome.kind !== 'released') throw new Error(`unexpected outcome of a release: ${outcome.kind}`);
    for (const name of [lockName, ...others]) this.#held.delete(name);
    answered({ kind: 'ended' });
  }

  async #useSession(): Promise<void> {
    const sessionId = this.#sessionId ?? (randomUUID() as SessionId);
    const kind = this.#sessionRequest();
    const answered = this.#recorder.record({ kind, sessionId });
    const command = { sessionId, userId: this.#userId };
    const outcome =
      kind === 'open_session'
        ? await this.#store.execute({ ...command, kind, ttlSeconds: this.#ttlSeconds(), madeWith: null })
        : await this.#store.execute({ ...command, kind });
    this.#sessionId = kind === 'close_session' ? null : sessionId;
    if (outcome.kind === 'session_closed') answered({ kind: 'ended' });
    else if ('session' in outcome) answered({ kind: 'alive', deadline: outcome.session.deadline });
    else throw new Error(`unexpected outcome of ${kind}: ${outcome.kind}`);
  }

  #sessionRequest(): 'open_session' | 'keep_session_alive' | 'close_session' {
    if (this.#sessionId === null) return 'open_session';
    return this.#random.chance(0.6) ? 'keep_session_alive' : 'close_session';
  }

  /** Always longer, so that every renewal differs from the one before. */
  #ttlSeconds(): number {
    this.#lastTtl = Math.min(TTL_MAX_SECONDS, this.#lastTtl + 1);
    return this.#lastTtl;
  }
}

function nameOf(client: number, lock: string): LockName {
  return `client-${client}/${lock}` as LockName;
}

function holdsOf(lease: Lease): Record<LockName, Hold> {
  return Object.fromEntries(locksOf(lease).map(({ lockName, hold }) => [lockName, hold]));
}

/** No one waits for these locks, and none cools that is asked for. */
function holderIn(obstacle: Obstacle): Lease {
  if (obstacle.kind === 'held') return obstacle.lease;
  if (obstacle.kind === 'limit_mismatch') return holderIn(obstacle.by);
  throw new Error(`unexpected obstacle of an acquire: ${obstacle.kind}`);
}
