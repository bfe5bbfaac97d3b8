import { pause } from '../../../src/process/time.js';
import { NoAnswer, type Connection } from '../http/connection.js';
import type { Random } from '../random.js';
import { drawCooling, drawDemand, type OperationMix } from './operation-mix.js';
import { LockCalls, type AcquireOptions } from './lock-calls.js';
import type { DemandRequest } from '../history/operation.js';
import type { SessionFacts } from '../history/session-facts.js';
import type { LeaseName, SharedState } from './shared-state.js';

/** For sessions, and for leases that are released in the end. */
const TTL_SECONDS = 60;

/** How many leases a client holds at most. */
const HELD_MAX = 2;

/** How long a client waits before it tries a server again that is unreachable, or cannot say what it has done. */
const RECONNECT_MS = 15;

interface HeldLease {
  readonly name: LeaseName;
  readonly options: AcquireOptions;
  /** The client does not know in which mode it holds the lock. */
  readonly isInDoubt?: true;
}

/**
 * A client that does some of everything, one call after another, and never gives up. If an acquire was left unanswered, it
 * repeats the acquire with the same lease id, or releases the lease.
 */
export class LoadClient {
  readonly #calls: LockCalls;
  readonly #held: HeldLease[] = [];
  readonly #unknown: HeldLease[] = [];
  /** Leases that were left to expire. */
  readonly #abandoned: HeldLease[] = [];
  #session: SessionFacts | null = null;

  /** @param number the client's number. */
  constructor(
    private readonly connection: Connection,
    private readonly user: string,
    private readonly shared: SharedState,
    private readonly random: Random,
    private readonly mix: OperationMix,
    private readonly number: number,
  ) {
    this.#calls = new LockCalls(connection, user, shared);
  }

  /** Works until the signal aborts. A call that is in progress is completed. */
  async work(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      try {
        await this.#turn();
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
        if (!error.wasSent || error.reason === 'undecided') await pause(RECONNECT_MS);
      }
    }
    this.connection.cut();
  }

  async #turn(): Promise<void> {
    const { random } = this;
    const unknown = this.#unknown.pop();
    if (unknown !== undefined) return this.#resolveUnknown(unknown);
    if (this.#session?.isEndRequested === true) return this.#closeSession();
    if (this.#held.length >= HELD_MAX || (this.#held.length > 0 && random.chance(0.75)))
      return this.#useHeld();
    const choice = random.next();
    if (choice < 0.04) return this.#useForeignLease();
    const abandoned = choice < 0.06 ? this.#abandoned.shift() : undefined;
    if (abandoned !== undefined)
      return this.#calls.renew(abandoned.name, abandoned.options.ttlSeconds).then(() => undefined);
    if (choice < 0.14) return this.#useSession();
    if (choice < 0.2) return this.#acquireNew(this.shared.ownLock(this.number), { ttlSeconds: TTL_SECONDS });
    if (choice < 0.2 + this.mix.read) return this.#calls.status(this.shared.sharedLock(random));
    return this.#contend();
  }

  #contend(): Promise<void> {
    const { shortLease, shortTtls, wait } = this.mix;
    const ttlSeconds = this.random.chance(shortLease) ? this.random.pick(shortTtls) : TTL_SECONDS;
    const waitSeconds = this.random.chance(wait) ? 1 : 0;
    // Some clients disconnect while they wait.
    const timeout =
      waitSeconds > 0 && this.random.chance(0.1) ? { timeoutMs: this.random.between(1, 60) } : {};
    const demand = drawDemand(this.random, this.mix);
    const cooling = isExclusive(demand) ? drawCooling(this.random, this.mix, ttlSeconds) : undefined;
    const lock = this.shared.sharedLock(this.random);
    return this.#acquireNew(lock, { ttlSeconds, waitSeconds, demand, cooling, ...timeout });
  }

  async #acquireNew(lock: string, options: AcquireOptions): Promise<void> {
    await this.#acquire({ name: this.shared.newLease(lock, this.user), options });
  }

  async #acquire(lease: HeldLease): Promise<void> {
    let outcome;
    try {
      outcome = await this.#calls.acquire(lease.name, lease.options);
    } catch (error) {
      if (error instanceof NoAnswer && error.wasSent) this.#unknown.push(lease);
      throw error;
    }
    if (outcome?.kind === 'granted' || outcome?.kind === 'held') this.#hold(lease);
  }

  #hold(lease: HeldLease): void {
    if (!this.#held.some(({ name }) => name === lease.name)) this.#held.push(lease);
  }

  /** Finds out whether an unanswered acquire took effect. */
  #resolveUnknown({ name, options }: HeldLease): Promise<void> {
    if (this.random.chance(0.3)) return this.#release({ name, options });
    return this.#acquire({ name, options: { ...options, waitSeconds: 0, timeoutMs: 10_000 } });
  }

  async #useHeld(): Promise<void> {
    const { random } = this;
    const lease = random.pick(this.#held);
    const { name, options } = lease;
    const choice = random.next();
    if (lease.isInDoubt) return this.#release(lease);
    if (choice < 0.3) return this.#renew(lease);
    if (choice < 0.36) return this.#calls.status(name.lock);
    if (choice < 0.42) return this.#acquire({ name, options: { ...options, waitSeconds: 0 } });
    if (choice < 0.42 + this.mix.convert && options.demand?.limit === undefined) return this.#convert(lease);
    if (options.ttlSeconds < TTL_SECONDS && choice < 0.7) return this.#abandon(lease);
    await this.#release(lease);
    if (random.chance(0.1)) await this.#calls.renew(name, options.ttlSeconds);
  }

  async #renew(lease: HeldLease): Promise<void> {
    if (!(await this.#calls.renew(lease.name, lease.options.ttlSeconds))) this.#drop(lease);
  }

  async #convert(lease: HeldLease): Promise<void> {
    const mode = this.random.chance(0.5) ? 'shared' : 'exclusive';
    const { name, options } = lease;
    this.#drop(lease);
    this.#hold({ name, options, isInDoubt: true });
    const isInMode = await this.#calls.convert(name, mode);
    this.#drop(lease);
    if (isInMode === null) this.#hold(lease);
    // A lease that is shared now could not be requested with a cooling.
    if (isInMode === true)
      this.#hold({ name, options: { ...options, demand: { mode }, cooling: undefined } });
  }

  /** Keeps the lease until the release is answered, so that an unanswered release is repeated. */
  async #release(lease: HeldLease): Promise<void> {
    this.#hold(lease);
    await this.#calls.release(lease.name);
    this.#drop(lease);
  }

  /** Leaves a lease to expire. A later renewal checks that it has. */
  #abandon(lease: HeldLease): void {
    this.#drop(lease);
    this.#abandoned.push(lease);
  }

  #drop(lease: HeldLease): void {
    const index = this.#held.findIndex(({ name }) => name === lease.name);
    if (index !== -1) this.#held.splice(index, 1);
  }

  async #useForeignLease(): Promise<void> {
    const lease = this.shared.recentLease(this.random);
    if (lease === undefined || lease.user === this.user) return;
    await this.#calls.useForeignLease(lease, this.random.chance(0.5) ? 'renew' : 'release');
  }

  async #useSession(): Promise<void> {
    const { random } = this;
    const session = this.#session;
    if (session === null) this.#session = await this.#calls.openSession(TTL_SECONDS);
    else if (random.chance(0.15)) await this.#closeSession();
    else if (random.chance(0.3)) {
      if (!(await this.#calls.keepAlive(session))) this.#session = null;
    } else await this.#acquireInSession(session);
  }

  #acquireInSession(session: SessionFacts): Promise<void> {
    const cooling = drawCooling(this.random, this.mix, TTL_SECONDS);
    const lock = this.shared.sessionLock(this.random);
    return this.#acquireNew(lock, { ttlSeconds: TTL_SECONDS, session, cooling });
  }

  /** Ends the session, and checks the locks that it held. */
  async #closeSession(): Promise<void> {
    const session = this.#session;
    if (session === null) return;
    await this.#calls.endSession(session);
    if (session.endedByMs < Infinity) this.#session = null;
    for (const lease of this.#held.filter(({ options }) => options.session === session)) {
      this.#drop(lease);
      await (this.random.chance(0.5)
        ? this.#calls.status(lease.name.lock)
        : this.#calls.renew(lease.name, TTL_SECONDS));
    }
  }
}

function isExclusive({ mode = 'exclusive', limit }: DemandRequest): boolean {
  return mode === 'exclusive' && limit === undefined;
}
