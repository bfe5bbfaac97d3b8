import { Connection, NoAnswer, type Address } from '../../kit/http/connection.js';
import { nowMs } from '../../../src/process/time.js';

const ANSWER_WITHIN_MS = 10_000;

/** What clients noticed of a change of the leader. Times are in milliseconds. */
export interface Gap {
  /** The longest time in which no client got a good answer. */
  readonly longestMs: number;
  /** The slowest good answer. */
  readonly slowestMs: number;
  readonly answers: number;
  /** Answers with other statuses, and requests without an answer. */
  readonly failures: number;
}

/** Clients that acquire and release locks all the time, each through any replica. */
export class GapMeter {
  readonly #address: () => Address;
  readonly #token: string;
  #lastMs = nowMs();
  #longestMs = 0;
  #slowestMs = 0;
  #answers = 0;
  #failures = 0;

  constructor(address: () => Address, token: string) {
    this.#address = address;
    this.#token = token;
  }

  async work(clients: number, stop: AbortSignal): Promise<void> {
    this.#lastMs = nowMs();
    await Promise.all(Array.from({ length: clients }, (_, number) => this.#client(number, stop)));
  }

  /** What happened since the last call. */
  take(): Gap {
    const gap = {
      longestMs: Math.max(this.#longestMs, nowMs() - this.#lastMs),
      slowestMs: this.#slowestMs,
      answers: this.#answers,
      failures: this.#failures,
    };
    [this.#longestMs, this.#slowestMs, this.#answers, this.#failures] = [0, 0, 0, 0];
    return gap;
  }

  async #client(number: number, stop: AbortSignal): Promise<void> {
    const connection = new Connection(this.#address, this.#token, ANSWER_WITHIN_MS);
    const path = `/locks/gap/${number}`;
    while (!stop.aborted) {
      const lease_id = crypto.randomUUID();
      await this.#call(connection, `${path}/acquire`, { lease_id, ttl_seconds: 60 });
      await this.#call(connection, `${path}/release`, { lease_id });
    }
    connection.cut();
  }

  async #call(connection: Connection, path: string, body: object): Promise<void> {
    try {
      const { status, callMs, returnMs } = await connection.post(path, body);
      // A lock may still be held by a lease whose answer was lost.
      if (status === 200 || status === 404 || status === 409) this.#good(returnMs - callMs);
      else this.#failures += 1;
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      this.#failures += 1;
      connection.cut();
    }
  }

  #good(durationMs: number): void {
    const now = nowMs();
    this.#answers += 1;
    this.#longestMs = Math.max(this.#longestMs, now - this.#lastMs);
    this.#slowestMs = Math.max(this.#slowestMs, durationMs);
    this.#lastMs = now;
  }
}
