import { Connection, type Address } from '../../kit/http/connection.js';
import { nowMs, pause } from '../../../src/process/time.js';
import { ClaimBroken } from '../proof.js';
import { TOKEN } from '../../kit/server/built-server.js';
import { LeanConnection } from '../../../src/bench/load/lean-connection.js';
import { lockRequest } from './lock-requests.js';

const CONNECTIONS = 64;

/** Leases that are acquired first, to measure the speed. They do not expire during the proof. */
const SAMPLE = 2000;
const LONGEST_TTL_SECONDS = 3600;

/** The time between the last acquire and the expiry of all leases, in milliseconds. */
const MARGIN_MS = 6000;

const POLL_MS = 25;
const GIVE_UP_AFTER_MS = 120_000;

/** Very many leases that all expire within the same second. */
export class MassLeases {
  readonly #status: Connection;

  private constructor(
    readonly address: Address,
    readonly count: number,
    /** The end of that second, on the monotonic clock. */
    readonly endMs: number,
  ) {
    this.#status = new Connection(() => address, TOKEN);
  }

  static async acquire(address: Address, count: number): Promise<MassLeases> {
    const startedMs = nowMs();
    await acquire(address, 'sample', SAMPLE, startedMs + LONGEST_TTL_SECONDS * 1000);
    const perLeaseMs = (nowMs() - startedMs) / SAMPLE;
    const endMs = nowMs() + perLeaseMs * count * 1.5 + MARGIN_MS;
    await acquire(address, 'mass', count, endMs);
    if (nowMs() > endMs - MARGIN_MS / 2)
      throw new Error('the machine is too busy to acquire all leases in time');
    return new MassLeases(address, count, endMs);
  }

  /** Waits until the first lease may expire. Throws if one is gone before. `others` is the number of unrelated leases. */
  async expectNoneEarly(others: number): Promise<void> {
    const firstEndMs = this.endMs - 1000;
    for (;;) {
      const left = (await this.#held()) - others - SAMPLE;
      if (nowMs() >= firstEndMs) return;
      if (left < this.count) throw new ClaimBroken(`${this.count - left} leases expired early`);
      await pause(Math.min(POLL_MS, firstEndMs - nowMs()));
    }
  }

  /** Waits until all are gone. Resolves with the time since the last one should have expired, in milliseconds. */
  async waitUntilGone(others: number): Promise<number> {
    for (;;) {
      const left = (await this.#held()) - others - SAMPLE;
      const lateMs = nowMs() - this.endMs;
      if (left <= 0) {
        this.#status.cut();
        return lateMs;
      }
      if (lateMs > GIVE_UP_AFTER_MS)
        throw new ClaimBroken(`${left} leases are still held after ${GIVE_UP_AFTER_MS / 1000} s`);
      await pause(POLL_MS);
    }
  }

  async #held(): Promise<number> {
    const { body } = await this.#status.get('/status');
    return Number(body['locks_held']);
  }
}

async function acquire(address: Address, prefix: string, count: number, endMs: number): Promise<void> {
  const indexes = Array.from({ length: count }, (_, index) => index).values();
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      const connection = await LeanConnection.open(address);
      for (const index of indexes) {
        const ttl_seconds = Math.floor((endMs - nowMs()) / 1000);
        const { status } = await connection.send(
          lockRequest('acquire', `${prefix}/${index}`, { ttl_seconds }),
        );
        if (status !== 200) throw new Error(`unexpected answer to an acquire: ${status}`);
      }
      connection.close();
    }),
  );
}
