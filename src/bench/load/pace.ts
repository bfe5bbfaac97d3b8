import { nowMs, pause } from '../../process/time.js';
import type { Client } from './client.js';
import { Latencies } from './latency.js';
import { Schedule } from './schedule.js';

/** As fine as timers are. */
const TICK_MS = 1;

/** What a pace needs of a client. */
export type PacedClient = Pick<Client, 'exchange' | 'script'>;

/** How requests follow one another, until `endMs` on the monotonic clock. */
export interface Pace {
  /** Resolves when no client has anything under way that others depend on. */
  run(clients: readonly PacedClient[]): Promise<void>;
  readonly notSent: number;
  readonly lateness: Latencies | null;
}

/** Each client asks again as soon as it is answered: shows how much can be done, and is kind to a server that stalls. */
export class ClosedLoop implements Pace {
  readonly notSent = 0;
  readonly lateness = null;

  /** @param rampMs for which clients join one after the other, as they would anywhere but in a benchmark. */
  constructor(
    private readonly endMs: number,
    private readonly rampMs = 0,
  ) {}

  async run(clients: readonly PacedClient[]): Promise<void> {
    await Promise.all(
      clients.map(async (client, index) => {
        await pause((this.rampMs * index) / clients.length);
        while (nowMs() < this.endMs) await client.exchange();
        await comeToRest(client);
      }),
    );
  }
}

/**
 * Requests are due at a constant rate. One that finds no free connection waits for one, and its latency counts from when it
 * was due: a server that stalls is shown to keep all those waiting who would have come meanwhile.
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
    await Promise.all([...this.#working, ...this.#free.map(comeToRest)]);
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

  /** Sends what is due now, and then whatever waits for a connection. */
  async #work(client: PacedClient, dueMs: number): Promise<void> {
    for (let due: number | undefined = dueMs; due !== undefined; due = this.#nextInBacklog()) {
      await client.exchange(due);
    }
    if (nowMs() < this.endMs) this.#free.push(client);
    else await comeToRest(client);
  }

  #nextInBacklog(): number | undefined {
    const due = nowMs() < this.endMs ? this.#backlog[this.#oldest] : undefined;
    if (due !== undefined) this.#oldest += 1;
    return due;
  }
}

/** Does what others wait for. */
async function comeToRest(client: PacedClient): Promise<void> {
  while (client.script.isAtRest === false) await client.exchange();
}
