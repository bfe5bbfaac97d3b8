import { pause } from '../../../src/process/time.js';
import { NoAnswer, type Connection } from '../http/connection.js';
import type { Random } from '../random.js';
import type { Habits } from './habits.js';
import { LockCalls, type AcquireOptions } from './lock-calls.js';
import type { SessionFacts } from '../history/session-facts.js';
import type { LeaseName, World } from './world.js';

/** The TTL of sessions, and of leases that are released in the end. */
const TTL_SECONDS = 60;

/** Leases that one client holds at most. */
const HELD_MAX = 2;

/** How long a client waits before it tries to reach the server again. */
const RECONNECT_MS = 15;

interface HeldLease {
  readonly name: LeaseName;
  readonly options: AcquireOptions;
}

/**
 * One client that does a bit of everything, one call after the other, and never gives up. If a call gets no answer, the client asks
 * again with the same lease id, or releases the lease.
 */
export class LoadClient {
  readonly #calls: LockCalls;
  readonly #held: HeldLease[] = [];
  readonly #unknown: HeldLease[] = [];
  /** Left to expire. */
  readonly #lapsed: HeldLease[] = [];
  #session: SessionFacts | null = null;

  /** @param number of the client. */
  constructor(
    private readonly connection: Connection,
    private readonly user: string,
    private readonly world: World,
    private readonly dice: Random,
    private readonly habits: Habits,
    private readonly number: number,
  ) {
    this.#calls = new LockCalls(connection, user, world);
  }

  /** Works until the signal aborts, then completes the present call. */
  async work(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      try {
        await this.#turn();
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
        if (!error.wasSent) await pause(RECONNECT_MS);
      }
    }
    this.connection.cut();
  }

  async #turn(): Promise<void> {
    const { dice } = this;
    const unknown = this.#unknown.pop();
    if (unknown !== undefined) return this.#settle(unknown);
    if (this.#session?.isEndAsked === true) return this.#closeSession();
    if (this.#held.length >= HELD_MAX || (this.#held.length > 0 && dice.chance(0.75))) return this.#useHeld();
    const what = dice.next();
    if (what < 0.04) return this.#trespass();
    const lapsed = what < 0.06 ? this.#lapsed.shift() : undefined;
    if (lapsed !== undefined)
      return this.#calls.renew(lapsed.name, lapsed.options.ttlSeconds).then(() => undefined);
    if (what < 0.14) return this.#useSession();
    if (what < 0.2) return this.#acquire(this.world.ownLock(this.number), { ttlSeconds: TTL_SECONDS });
    if (what < 0.2 + this.habits.look) return this.#calls.status(this.world.hotLock(dice));
    return this.#contend();
  }

  #contend(): Promise<void> {
    const { shortLease, shortTtls, wait } = this.habits;
    const ttlSeconds = this.dice.chance(shortLease) ? this.dice.pick(shortTtls) : TTL_SECONDS;
    const waitSeconds = this.dice.chance(wait) ? 1 : 0;
    // Some clients disconnect while they wait.
    const timeout = waitSeconds > 0 && this.dice.chance(0.1) ? { timeoutMs: this.dice.between(1, 60) } : {};
    return this.#acquire(this.world.hotLock(this.dice), { ttlSeconds, waitSeconds, ...timeout });
  }

  async #acquire(lock: string, options: AcquireOptions): Promise<void> {
    await this.#ask({ name: this.world.newLease(lock, this.user), options });
  }

  async #ask(lease: HeldLease): Promise<void> {
    let told;
    try {
      told = await this.#calls.acquire(lease.name, lease.options);
    } catch (error) {
      if (error instanceof NoAnswer && error.wasSent) this.#unknown.push(lease);
      throw error;
    }
    if (told?.kind === 'granted' || told?.kind === 'held') this.#hold(lease);
  }

  #hold(lease: HeldLease): void {
    if (!this.#held.some(({ name }) => name === lease.name)) this.#held.push(lease);
  }

  /** Finds out whether an acquire without an answer took effect. */
  #settle({ name, options }: HeldLease): Promise<void> {
    if (this.dice.chance(0.3)) return this.#release({ name, options });
    return this.#ask({ name, options: { ...options, waitSeconds: 0, timeoutMs: 10_000 } });
  }

  async #useHeld(): Promise<void> {
    const { dice } = this;
    const lease = dice.pick(this.#held);
    const { name, options } = lease;
    const what = dice.next();
    if (what < 0.3) return this.#renew(lease);
    if (what < 0.36) return this.#calls.status(name.lock);
    if (what < 0.42) return this.#ask({ name, options: { ...options, waitSeconds: 0 } });
    if (options.ttlSeconds < TTL_SECONDS && what < 0.7) return this.#letLapse(lease);
    await this.#release(lease);
    if (dice.chance(0.1)) await this.#calls.renew(name, options.ttlSeconds);
  }

  async #renew(lease: HeldLease): Promise<void> {
    if (!(await this.#calls.renew(lease.name, lease.options.ttlSeconds))) this.#drop(lease);
  }

  /** Repeats a release without an answer until it gets one. */
  async #release(lease: HeldLease): Promise<void> {
    this.#hold(lease);
    await this.#calls.release(lease.name);
    this.#drop(lease);
  }

  /** Lets a lease expire. Later the client checks that it has. */
  #letLapse(lease: HeldLease): void {
    this.#drop(lease);
    this.#lapsed.push(lease);
  }

  #drop(lease: HeldLease): void {
    const index = this.#held.findIndex(({ name }) => name === lease.name);
    if (index !== -1) this.#held.splice(index, 1);
  }

  async #trespass(): Promise<void> {
    const lease = this.world.someLease(this.dice);
    if (lease === undefined || lease.user === this.user) return;
    await this.#calls.trespass(lease, this.dice.chance(0.5) ? 'renew' : 'release');
  }

  async #useSession(): Promise<void> {
    const { dice } = this;
    const session = this.#session;
    if (session === null) this.#session = await this.#calls.openSession(TTL_SECONDS);
    else if (dice.chance(0.15)) await this.#closeSession();
    else if (dice.chance(0.3)) {
      if (!(await this.#calls.keepAlive(session))) this.#session = null;
    } else await this.#acquire(this.world.sessionLock(dice), { ttlSeconds: TTL_SECONDS, session });
  }

  /** Ends the session and reads the locks that this frees. */
  async #closeSession(): Promise<void> {
    const session = this.#session;
    if (session === null) return;
    await this.#calls.endSession(session);
    if (session.endedByMs < Infinity) this.#session = null;
    for (const lease of this.#held.filter(({ options }) => options.session === session)) {
      this.#drop(lease);
      await (this.dice.chance(0.5)
        ? this.#calls.status(lease.name.lock)
        : this.#calls.renew(lease.name, TTL_SECONDS));
    }
  }
}
