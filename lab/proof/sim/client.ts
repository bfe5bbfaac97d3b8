import { NO_COOLING } from '../../../src/core/model/cooling.js';
import { EXCLUSIVE } from '../../../src/core/model/demand.js';
import type { FencingToken, LeaseId, SessionId, UserId } from '../../../src/core/model/ids.js';
import type { LockName } from '../../../src/core/model/lock-name.js';
import type { Network } from './network.js';
import { fenceName, leaseId, lockName, userId } from './names.js';
import type { Profile } from './profile.js';
import type { Answer, Request } from './request.js';
import { drawCooling, drawWants } from './wants.js';
import type { World } from '../../kit/world/world.js';

type AcquireRequest = Extract<Request, { kind: 'acquire' }>;

/** A lease that a client believes it holds. */
interface Belief {
  readonly lockNames: readonly LockName[];
  readonly leaseId: LeaseId;
  token: FencingToken;
  /** The end of the lease in true time, if nothing is done. */
  endsAtMs: number;
}

/** How far from a deadline a request is aimed, in milliseconds. */
const AIM_MS = 1.5;

/** A program that uses the service over a bad network. */
export class Client {
  readonly #world: World;
  readonly #network: Network;
  readonly #profile: Profile;
  readonly #number: number;
  readonly #userId: UserId;
  readonly #held: Belief[] = [];
  /** Of all leases that the client has had. */
  readonly #tokens: FencingToken[] = [];
  #session: SessionId | null = null;
  #leases = 0;
  isOver = false;

  constructor(world: World, network: Network, profile: Profile, number: number) {
    this.#world = world;
    this.#network = network;
    this.#profile = profile;
    this.#number = number;
    this.#userId = userId(number % profile.users);
  }

  async work(): Promise<void> {
    if (this.#number === 0) this.#acquireMany();
    while (!this.isOver) {
      await this.#pause(this.#world.random.span(1, 2 * this.#profile.thinkMs));
      await this.#act();
    }
  }

  #act(): Promise<void> {
    const { random } = this.#world;
    const chance = random.below(100);
    if (chance < 39) return this.#acquire();
    if (chance < 53) return this.#release();
    if (chance < 67) return this.#renew();
    if (chance < 76) return this.#convert();
    if (chance < 79) return this.#break();
    if (chance < 82) return this.#requestRelease();
    if (chance < 90) return this.#tendSession();
    if (chance < 96) return this.#useFence();
    return this.#readStatus();
  }

  async #acquire(): Promise<void> {
    const { random } = this.#world;
    this.#leases += 1;
    const wants = drawWants(random, this.#profile.locks);
    const ttlSeconds = random.whole(1, this.#profile.ttlSeconds);
    const request: AcquireRequest = {
      kind: 'acquire',
      wants,
      userId: this.#userId,
      sessionId: random.chance(0.6) ? this.#session : null,
      leaseId: random.chance(0.7) ? leaseId(`lease-${this.#number}-${this.#leases}`) : null,
      ttlSeconds,
      waitSeconds: random.chance(0.5) ? random.whole(1, 4) : 0,
      cooling: drawCooling(random, wants, ttlSeconds),
    };
    const patienceMs = random.chance(0.3) ? random.span(20, 800) : request.waitSeconds * 1000 + 1_500;
    for (let tries = random.whole(1, 3); tries > 0 && !this.isOver; tries -= 1) {
      const answer = await this.#call(request, patienceMs);
      const isStillInLine = answer?.kind === 'conflict' && answer.place !== null;
      if ((answer === null || isStillInLine) && request.leaseId !== null) continue;
      this.#learn(request, answer);
      if (random.chance(0.25)) await this.#useFence();
      // Often someone is in line for what the session holds.
      if (request.sessionId !== null && random.chance(0.1)) await this.#useSession('close_session');
      return;
    }
    await this.#giveUp(request);
  }

  /** Sometimes the client says that it no longer wants its place in line. */
  async #giveUp({ wants, leaseId }: AcquireRequest): Promise<void> {
    if (leaseId === null || this.isOver || !this.#world.random.chance(0.3)) return;
    const { lockName } = this.#world.random.pick(wants);
    await this.#call({ kind: 'give_up_place', lockName, userId: this.#userId, leaseId });
  }

  #learn(request: AcquireRequest, answer: Answer | null): void {
    if (answer?.kind !== 'acquired' && answer?.kind !== 'already_held') {
      if (answer?.kind === 'session_expired' || answer?.kind === 'session_not_found') this.#session = null;
      return;
    }
    const endsAtMs = this.#world.nowMs + request.ttlSeconds * 1000;
    const lockNames = request.wants.map(({ lockName }) => lockName);
    const { leaseId: held, fencingToken: token } = answer.lease;
    this.#held.push({ lockNames, leaseId: held, token, endsAtMs });
    this.#tokens.push(token);
  }

  async #release(): Promise<void> {
    const at = this.#world.random.below(this.#held.length);
    const belief = this.#held[at];
    if (belief === undefined) return;
    const answer = await this.#call({ kind: 'release', ...this.#named(belief) });
    if (answer?.kind === 'released' || isGone(answer)) this.#forget(belief);
  }

  async #renew(): Promise<void> {
    const { random } = this.#world;
    const belief = this.#held[random.below(this.#held.length)];
    if (belief === undefined) return;
    const ttlSeconds = random.whole(1, this.#profile.ttlSeconds);
    const request = { kind: 'renew', ...this.#named(belief), ttlSeconds } as const;
    const answer = await this.#call(request, undefined, this.#aimAt(belief));
    if (answer?.kind === 'renewed') belief.endsAtMs = this.#world.nowMs + ttlSeconds * 1000;
    if (isGone(answer) && this.#world.random.chance(0.7)) this.#forget(belief);
  }

  async #convert(): Promise<void> {
    const { random } = this.#world;
    const belief = this.#held[random.below(this.#held.length)];
    if (belief === undefined) return;
    const named = { ...this.#named(belief), lockName: random.pick(belief.lockNames) };
    const mode = random.chance(0.5) ? 'exclusive' : 'shared';
    const answer = await this.#call({ kind: 'convert', ...named, mode });
    if (answer?.kind === 'converted') belief.token = answer.lease.fencingToken;
    if (isGone(answer)) this.#forget(belief);
  }

  /** Some clients are administrators. */
  async #break(): Promise<void> {
    const { random } = this.#world;
    const token = random.chance(0.4) ? (this.#held[random.below(this.#held.length)]?.token ?? null) : null;
    const brokenBy = random.chance(0.5) ? this.#userId : null;
    await this.#call({ kind: 'break', lockName: this.#anyLock(), brokenBy, reason: 'stuck', token });
  }

  async #requestRelease(): Promise<void> {
    const message = this.#world.random.chance(0.5) ? 'please' : null;
    const lockName = this.#anyLock();
    await this.#call({ kind: 'request_release', lockName, requestedBy: this.#userId, message });
  }

  /** Advances a fence to the token of a lease, which may have ended long ago, or looks at it. */
  async #useFence(): Promise<void> {
    const { random } = this.#world;
    const name = fenceName(random.chance(0.8) ? 0 : 1);
    if (this.#tokens.length === 0 || random.chance(0.3))
      return void (await this.#call({ kind: 'fence', name }));
    // Sometimes a client gets the token wrong. That may be one which is not issued yet.
    const own = random.chance(0.6) ? (this.#tokens.at(-1) ?? 1) : random.pick(this.#tokens);
    const fencingToken = (random.chance(0.1) ? own + 3 : own) as FencingToken;
    await this.#call({ kind: 'advance_fence', name, userId: this.#userId, fencingToken });
  }

  async #tendSession(): Promise<void> {
    const { random } = this.#world;
    if (this.#session === null) {
      const ttlSeconds = random.whole(1, 5);
      const opened = await this.#call({ kind: 'open_session', userId: this.#userId, ttlSeconds });
      if (opened?.kind === 'session_opened') this.#session = opened.session.sessionId;
      return;
    }
    await this.#useSession(random.chance(0.75) ? 'keep_session_alive' : 'close_session');
  }

  async #useSession(kind: 'keep_session_alive' | 'close_session'): Promise<void> {
    if (this.#session === null) return;
    const answer = await this.#call({ kind, userId: this.#userId, sessionId: this.#session });
    const isOver = ['session_closed', 'session_expired', 'session_not_found'].includes(answer?.kind ?? '');
    if (isOver) this.#session = null;
  }

  async #readStatus(): Promise<void> {
    await this.#call({ kind: 'status', lockName: this.#anyLock() });
  }

  #anyLock(): LockName {
    return lockName(this.#world.random.below(this.#profile.locks));
  }

  /** Sometimes a request is aimed at the end of a lease, where a millisecond decides. */
  #aimAt({ endsAtMs }: Belief): number | undefined {
    const { random, nowMs } = this.#world;
    const delayMs = endsAtMs - nowMs;
    return delayMs > 0 && random.chance(0.3) ? delayMs + random.span(0, 2 * AIM_MS) - AIM_MS : undefined;
  }

  /** Mostly the right names. A wrong user or lease must be refused. */
  #named({ lockNames, leaseId: held }: Belief): {
    lockName: LockName | null;
    leaseId: LeaseId;
    userId: UserId;
  } {
    const { random } = this.#world;
    return {
      lockName: random.chance(0.3) ? null : random.pick(lockNames),
      leaseId: random.chance(0.05) ? leaseId('wrong') : held,
      userId: random.chance(0.05) ? userId(random.below(3)) : this.#userId,
    };
  }

  #forget(belief: Belief): void {
    this.#held.splice(this.#held.indexOf(belief), 1);
  }

  #call(request: Request, patienceMs?: number, arriveAfterMs?: number): Promise<Answer | null> {
    const patience = patienceMs ?? this.#world.random.span(30, 1_500) + (arriveAfterMs ?? 0);
    return this.#network.call(request, patience, arriveAfterMs);
  }

  #acquireMany(): void {
    const { massLeases, ttlSeconds } = this.#profile;
    for (let index = 0; index < massLeases; index += 1) {
      const wants = [{ lockName: lockName(index), demand: EXCLUSIVE }] as const;
      const request = { kind: 'acquire', wants, userId: this.#userId, ttlSeconds } as const;
      const more = { sessionId: null, leaseId: null, waitSeconds: 0, cooling: NO_COOLING };
      void this.#network.call({ ...request, ...more }, 60_000);
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#world.after(ms, resolve);
    });
  }
}

/** Whether the lease has ended, as far as the answer says. */
function isGone(answer: Answer | null): boolean {
  return answer?.kind === 'lock_not_found' || answer?.kind === 'lease_broken';
}
