import type { Settings } from '../../../src/bench/server/server-process.js';
import { nowMs, pause } from '../../../src/process/time.js';
import type { Address } from '../http/connection.js';
import type { Replica } from './replica.js';

const POLL_MS = 25;

/** What all replicas of a set share, besides their database. */
export const SHARED_SETTINGS: Settings = { SECRET_KEY: 'the-secret-key-of-all-built-servers' };

/** Several servers on one database. At most one of them leads at any time. */
export class ReplicaSet {
  #next = 0;

  constructor(readonly replicas: readonly Replica[]) {}

  /** Starts all. Resolves when each of them answers. */
  async start(): Promise<void> {
    for (const replica of this.replicas) replica.start();
    await Promise.all(this.replicas.map((replica) => replica.listens()));
  }

  /** The replica that says that it leads, with the newest term if several do. Null if there is none. */
  async leader(): Promise<Replica | null> {
    const answers = await Promise.all(
      this.replicas.map(async (replica) => ({
        replica,
        status: replica.isUp ? await replica.status() : null,
      })),
    );
    const leaders = answers.filter(({ status }) => status?.role === 'leader');
    const newestFirst = leaders.toSorted((a, b) => (b.status?.term ?? 0) - (a.status?.term ?? 0));
    return newestFirst[0]?.replica ?? null;
  }

  /** Resolves with the leader once there is one. Throws if that takes longer. */
  async untilLed(withinMs: number): Promise<Replica> {
    const untilMs = nowMs() + withinMs;
    for (;;) {
      const leader = await this.leader();
      if (leader !== null) return leader;
      if (nowMs() > untilMs) throw new Error(`no replica leads after ${withinMs} ms\n${this.#outputs}`);
      await pause(POLL_MS);
    }
  }

  /** The address of a running replica, another one each time. It may be frozen, since clients cannot know that. */
  anyAddress(): Address {
    const running = this.replicas.filter(({ isRunning }) => isRunning);
    const from = running.length > 0 ? running : this.replicas;
    this.#next += 1;
    return (from[this.#next % from.length] as Replica).address;
  }

  async remove(): Promise<void> {
    await Promise.all(this.replicas.map((replica) => replica.remove()));
  }

  get #outputs(): string {
    return this.replicas.map(({ name, output }) => `${name}: ${output.slice(-1000)}`).join('\n');
  }
}
