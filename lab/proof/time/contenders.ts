import type { BackgroundWork } from '../background-work.js';
import type { Random } from '../../kit/random.js';
import { nowMs, pause } from '../../../src/process/time.js';
import { Connection, NoAnswer, type Address } from '../../kit/http/connection.js';
import { LockCalls } from '../../kit/load/lock-calls.js';
import type { LeaseName, World } from '../../kit/load/world.js';
import { TOKEN } from '../../kit/server/built-server.js';

const CONTENDERS_PER_LOCK = 3;
const TTL_SECONDS = [1, 2];
const WAIT_SECONDS = 5;
const USER = 'prover';

/** Longer than any pause of the server. */
const ANSWER_WITHIN_MS = 90_000;

const UNANSWERED_PAUSE_MS = 20;

/** How far from the end of a lease a renewal is aimed, in milliseconds. */
const AIM_MS = 50;

/** Clients that contend for a few locks, abandon what they hold, and try to renew what they have lost. */
export class Contenders {
  readonly #address: () => Address;
  readonly #world: World;
  readonly #dice: Random;
  abandoned = 0;
  /** The furthest that an answer's `expires_at` was from this machine's wall clock. */
  strangestExpiryMs = 0;

  constructor(address: () => Address, world: World, dice: Random) {
    this.#address = address;
    this.#world = world;
    this.#dice = dice;
  }

  start(work: BackgroundWork, locks: number): void {
    for (let spawned = 0; spawned < locks * CONTENDERS_PER_LOCK; spawned += 1) this.#spawn(work);
  }

  #spawn(work: BackgroundWork): void {
    const connection = new Connection(this.#address, TOKEN, ANSWER_WITHIN_MS);
    const calls = new LockCalls(connection, USER, this.#world, (leftMs) => this.#noteExpiry(leftMs));
    const dice = this.#dice.split();
    work.repeat(connection, () => this.#contend(calls, dice).catch(restIfUnanswered));
  }

  async #contend(calls: LockCalls, dice: Random): Promise<void> {
    const lease = this.#world.newLease(this.#world.hotLock(dice), USER);
    const ttlSeconds = dice.pick(TTL_SECONDS);
    const told = await calls.acquire(lease, { ttlSeconds, waitSeconds: WAIT_SECONDS });
    if (told?.kind !== 'granted') return;
    let endsByMs = nowMs() + ttlSeconds * 1000;
    for (let renewals = dice.below(3); renewals > 0; renewals -= 1) {
      await pause(ttlSeconds * 1000 * dice.between(0.1, 0.5));
      if (await calls.renew(lease, ttlSeconds)) endsByMs = nowMs() + ttlSeconds * 1000;
    }
    if (dice.chance(0.7)) await this.#abandon(lease, endsByMs, ttlSeconds, calls, dice);
    await calls.release(lease);
  }

  /** Lets a lease end, and tries to renew it around its end and after it. */
  async #abandon(
    lease: LeaseName,
    endsByMs: number,
    ttlSeconds: number,
    calls: LockCalls,
    dice: Random,
  ): Promise<void> {
    this.abandoned += 1;
    await pause(Math.max(0, endsByMs - nowMs() + dice.between(-AIM_MS, AIM_MS)));
    await calls.renew(lease, ttlSeconds);
    await pause(dice.between(0, 500));
    await calls.renew(lease, ttlSeconds);
  }

  #noteExpiry(leftMs: number): void {
    this.strangestExpiryMs = Math.max(this.strangestExpiryMs, Math.abs(leftMs));
  }
}

/** A server that is killed or stopped leaves calls without an answer. */
async function restIfUnanswered(error: unknown): Promise<void> {
  if (!(error instanceof NoAnswer)) throw error;
  await pause(UNANSWERED_PAUSE_MS);
}
