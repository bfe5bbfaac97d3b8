import { Connection, NoAnswer, type Address } from '../../kit/http/connection.js';
import { LockCalls } from '../../kit/load/lock-calls.js';
import { tokenOf, type LeaseName, type SharedState } from '../../kit/load/shared-state.js';
import { nowMs, pause } from '../../../src/process/time.js';
import type { BackgroundWork } from '../background-work.js';

const TTL_SECONDS = 15;
const RENEW_EVERY_MS = 1500;

/** A sixth of the TTL, so that a frozen replica costs no lease. */
const ANSWER_WITHIN_MS = (TTL_SECONDS * 1000) / 6;
const AGAIN_AFTER_MS = 100;

/** A client that keeps a lease for as long as it can, as a leader elected with it would. */
export class Holder {
  renewals = 0;
  /** Leases that ended although the client always asked in time. */
  lost = 0;
  longestSilenceMs = 0;
  readonly #calls: LockCalls;
  readonly #connection: Connection;
  #lease: LeaseName | null = null;
  #renewedMs = 0;

  constructor(
    address: () => Address,
    private readonly user: string,
    private readonly shared: SharedState,
  ) {
    this.#connection = new Connection(address, tokenOf(user), ANSWER_WITHIN_MS);
    this.#calls = new LockCalls(this.#connection, user, shared);
  }

  start(work: BackgroundWork): void {
    work.repeat(this.#connection, () => this.#turn());
  }

  async #turn(): Promise<void> {
    try {
      await (this.#lease === null ? this.#acquire() : this.#renew(this.#lease));
      await pause(RENEW_EVERY_MS);
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      // The next replica may answer.
      this.#connection.cut();
      await pause(AGAIN_AFTER_MS);
    }
  }

  async #acquire(): Promise<void> {
    const askedMs = nowMs();
    const lease = this.shared.newLease(`kept/${this.user}`, this.user);
    const outcome = await this.#calls.acquire(lease, { ttlSeconds: TTL_SECONDS });
    if (outcome?.kind !== 'granted') return;
    this.#lease = lease;
    this.#renewedMs = askedMs;
  }

  async #renew(lease: LeaseName): Promise<void> {
    const askedMs = nowMs();
    const isRenewed = await this.#calls.renew(lease, TTL_SECONDS);
    this.longestSilenceMs = Math.max(this.longestSilenceMs, nowMs() - this.#renewedMs);
    this.#renewedMs = askedMs;
    if (isRenewed) this.renewals += 1;
    else this.lost += 1;
    if (!isRenewed) this.#lease = null;
  }
}
