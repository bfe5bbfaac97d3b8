import { nowMs, pause } from '../../process/time.js';
import type { Client } from './client.js';
import { Latencies } from './latency.js';
import { Schedule } from './schedule.js';

/** The resolution of timers. */
const TICK_MS = 1;

/** The part of a client that a pace needs. */
export type PacedClient = Pick<Client, 'exchange' | 'script'>;

/** How requests follow each other, until `endMs` on the monotonic clock. */
export interface Pace {
  /** Resolves when no client is doing anything that others depend on. */
  run(clients: readonly PacedClient[]): Promise<void>;
  readonly notSent: number;
  readonly lateness: Latencies | null;
}

/**
 * Each client sends its next request as soon as it has an answer. This measures the throughput, but hides most of the delay
 * if the server stalls.
 */
export class ClosedLoop implements Pace {
  readonly notSent = 0;
  readonly lateness = null;

  /** @param rampMs How long the clients take to start one after another, as they would in practice. */
  constructor(
    private readonly endMs: number,
    private readonly rampMs = 0,
  ) {}

  async run(clients: readonly PacedClient[]): Promise<void> {
    await Promise.all(
      clients.map(async (client, index) => {
        await pause((this.rampMs * index) / clients.length);
        while (nowMs() < this.endMs) await client.exchange();
        await runUntilAtRest(client);
      }),
    );
  }
}

/**
 * Requests are due at a constant rate. A request that finds no free connection waits for one, and its latency counts from
 * when it was due. So if the server stalls, the results include everyone who would have waited.
 */
export class OpenLoop implements Pace {
  readonly lateness = new Latencies();
  readonly #schedule: Schedule;
  readonly #backlog: number[] = [];
  readonly #free: PacedClient[] = [];
  readonly #working = new Set<Promise<void>>();
  #oldest = 0;

  constructor(
    perSecond: number,
    startMs: number,
    private readonly endMs: number,
  ) {
    this.#schedule = new Schedule(perSecond, startMs);
  }

  get notSent(): number {
    return this.#backlog.length - this.#oldest;
  }

  async run(clients: readonly PacedClient[]): Promise<void> {
    this.#free.push(...clients);
    for (let now = nowMs(); now < this.endMs; now = nowMs()) {
      for (const dueMs of this.#schedule.take(now)) this.#send(dueMs, now);
      await pause(Math.max(TICK_MS, Math.min(this.#schedule.nextMs, this.endMs) - nowMs()));
    }
    await Promise.all([...this.#working, ...this.#free.map(runUntilAtRest)]);
  }

  #send(dueMs: number, now: number): void {
    const client = this.#free.shift();
    if (client === undefined) {
      this.#backlog.push(dueMs);
      return;
    }
    this.lateness.add(now - dueMs);
    const work = this.#work(client, dueMs);
    this.#working.add(work);
    void work.finally(() => this.#working.delete(work));
  }

  /** Sends one request, then the requests that are waiting for a connection. */
  async #work(client: PacedClient, dueMs: number): Promise<void> {
    for (let due: number | undefined = dueMs; due !== undefined; due = this.#nextInBacklog()) {
      await client.exchange(due);
    }
    if (nowMs() < this.endMs) this.#free.push(client);
    else await runUntilAtRest(client);
  }

  #nextInBacklog(): number | undefined {
    const due = nowMs() < this.endMs ? this.#backlog[this.#oldest] : undefined;
    if (due !== undefined) this.#oldest += 1;
    return due;
  }
}

/** Runs the script until no other client depends on it. */
async function runUntilAtRest(client: PacedClient): Promise<void> {
  while (client.script.isAtRest === false) await client.exchange();
}
