import type { BackgroundWork } from '../background-work.js';
import type { Random } from '../../kit/random.js';
import { nowMs, pause } from '../../../src/process/time.js';
import { Connection, NoAnswer, type Address } from '../../kit/http/connection.js';
import { LockCalls } from '../../kit/load/lock-calls.js';
import type { LeaseName, SharedState } from '../../kit/load/shared-state.js';
import { TOKEN } from '../../kit/server/built-server.js';

const CONTENDERS_PER_LOCK = 3;
const TTL_SECONDS = [1, 2];
const WAIT_SECONDS = 5;
const USER = 'prover';

/** Longer than any freeze of the server. */
const ANSWER_WITHIN_MS = 90_000;

const UNANSWERED_PAUSE_MS = 20;

/** Some renewals are sent this close to the end of the lease, before or after it, in milliseconds. */
const RENEWAL_SPREAD_MS = 50;

/** Clients that contend for a few locks, let leases expire, and try to renew expired leases. */
export class Contenders {
  readonly #address: () => Address;
  readonly #shared: SharedState;
  readonly #random: Random;
  abandoned = 0;
  /** The largest distance between an answer's `expires_at` and this machine's wall clock, in milliseconds. */
  largestExpiryErrorMs = 0;

  constructor(address: () => Address, shared: SharedState, random: Random) {
    this.#address = address;
    this.#shared = shared;
    this.#random = random;
  }

  start(work: BackgroundWork, locks: number): void {
    for (let spawned = 0; spawned < locks * CONTENDERS_PER_LOCK; spawned += 1) this.#spawn(work);
  }

  #spawn(work: BackgroundWork): void {
    const connection = new Connection(this.#address, TOKEN, ANSWER_WITHIN_MS);
    const calls = new LockCalls(connection, USER, this.#shared, (leftMs) => this.#recordExpiry(leftMs));
    const random = this.#random.split();
    work.repeat(connection, () => this.#contend(calls, random).catch(pauseIfUnanswered));
  }

  async #contend(calls: LockCalls, random: Random): Promise<void> {
    const lease = this.#shared.newLease(this.#shared.sharedLock(random), USER);
    const ttlSeconds = random.pick(TTL_SECONDS);
    const outcome = await calls.acquire(lease, { ttlSeconds, waitSeconds: WAIT_SECONDS });
    if (outcome?.kind !== 'granted') return;
    let endsByMs = nowMs() + ttlSeconds * 1000;
    for (let renewals = random.below(3); renewals > 0; renewals -= 1) {
      await pause(ttlSeconds * 1000 * random.between(0.1, 0.5));
      if (await calls.renew(lease, ttlSeconds)) endsByMs = nowMs() + ttlSeconds * 1000;
    }
    if (random.chance(0.7)) await this.#abandon(lease, endsByMs, ttlSeconds, calls, random);
    await calls.release(lease);
  }

  /** Lets a lease expire, and tries to renew it close to its end and after it. */
  async #abandon(
    lease: LeaseName,
    endsByMs: number,
    ttlSeconds: number,
    calls: LockCalls,
    random: Random,
  ): Promise<void> {
    this.abandoned += 1;
    await pause(Math.max(0, endsByMs - nowMs() + random.between(-RENEWAL_SPREAD_MS, RENEWAL_SPREAD_MS)));
    await calls.renew(lease, ttlSeconds);
    await pause(random.between(0, 500));
    await calls.renew(lease, ttlSeconds);
  }

  #recordExpiry(leftMs: number): void {
    this.largestExpiryErrorMs = Math.max(this.largestExpiryErrorMs, Math.abs(leftMs));
  }
}

/** A server that is killed or stopped leaves calls unanswered. */
async function pauseIfUnanswered(error: unknown): Promise<void> {
  if (!(error instanceof NoAnswer)) throw error;
  await pause(UNANSWERED_PAUSE_MS);
}
