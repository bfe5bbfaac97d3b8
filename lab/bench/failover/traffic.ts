import { randomUUID } from 'node:crypto';
import { Connection, NoAnswer } from '../../kit/http/connection.js';
import type { Replica } from '../../kit/server/replica.js';
import { nowMs } from '../../../src/process/time.js';

const ANSWER_WITHIN_MS = 20_000;
const TTL_SECONDS = 30;

/** A request that did not succeed. */
export interface Failure {
  readonly atMs: number;
  readonly what: string;
}

/** Clients that acquire and release locks through some of the replicas, without a pause and without retries. */
export class Traffic {
  readonly failures: Failure[] = [];
  readonly #successesMs: number[] = [];
  readonly #ended: Promise<unknown>;
  #isOver = false;

  constructor(replicas: readonly Replica[], token: string, clients: number) {
    const run = (client: number): Promise<void> =>
      this.#run(client, replicas[client % replicas.length] as Replica, token);
    this.#ended = Promise.all(Array.from({ length: clients }, (_, client) => run(client)));
  }

  get count(): number {
    return this.#successesMs.length;
  }

  /** Resolves when so many more requests have succeeded. */
  async more(count: number): Promise<void> {
    const until = this.count + count;
    while (this.count < until && !this.#isOver) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await this.#ended;
  }

  /** The longest time after a moment in which no request succeeded, in milliseconds. */
  longestGapMs(sinceMs: number): number {
    const times = this.#successesMs.filter((timeMs) => timeMs >= sinceMs).toSorted((a, b) => a - b);
    return Math.max(...times.map((timeMs, index) => timeMs - (times[index - 1] ?? sinceMs)));
  }

  /** When the first request after a moment succeeded. `Infinity` if none did. */
  nextSuccessMs(sinceMs: number): number {
    return Math.min(...this.#successesMs.filter((timeMs) => timeMs >= sinceMs));
  }

  async #run(client: number, replica: Replica, token: string): Promise<void> {
    const connection = new Connection(() => replica.address, token, ANSWER_WITHIN_MS);
    while (!this.#isOver) await this.#lockAndUnlock(connection, `traffic/${client}/${this.count}`);
    connection.cut();
  }

  async #lockAndUnlock(connection: Connection, lock: string): Promise<void> {
    const lease = { lease_id: randomUUID() };
    await this.#request(connection, `/locks/${lock}/acquire`, { ...lease, ttl_seconds: TTL_SECONDS });
    await this.#request(connection, `/locks/${lock}/release`, lease);
  }

  async #request(connection: Connection, path: string, body: object): Promise<void> {
    try {
      const { status, text, returnMs } = await connection.post(path, body);
      if (status === 200) this.#successesMs.push(returnMs);
      else this.failures.push({ atMs: returnMs, what: `${status} ${text}` });
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      this.failures.push({ atMs: nowMs(), what: error.message });
    }
  }
}
