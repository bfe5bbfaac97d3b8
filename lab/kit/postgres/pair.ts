import { nowMs, pause } from '../../../src/process/time.js';
import { Cluster } from './cluster.js';

const PAIRED_WITHIN_MS = 60_000;
const POLL_MS = 20;

/** A primary and its synchronous standby on this machine. They change roles when the standby is promoted. */
export class Pair {
  #primary: Cluster;
  #standby: Cluster;

  private constructor(primary: Cluster, standby: Cluster) {
    this.#primary = primary;
    this.#standby = standby;
  }

  /** Creates both, and waits until commits are on both. Null if PostgreSQL is not installed. */
  static async create(settings: Readonly<Record<string, string>> = {}): Promise<Pair | null> {
    const primary = await Cluster.create(settings);
    if (primary === null) return null;
    try {
      return await Pair.#of(primary);
    } catch (error) {
      primary.remove();
      throw error;
    }
  }

  static async #of(primary: Cluster): Promise<Pair> {
    const pair = new Pair(primary, await Cluster.standbyOf(primary));
    await pair.#synchronize();
    return pair;
  }

  get primary(): Cluster {
    return this.#primary;
  }

  get standby(): Cluster {
    return this.#standby;
  }

  /** Both, in an order that never changes. */
  get clusters(): readonly [Cluster, Cluster] {
    const [first, second] = [this.#primary, this.#standby].toSorted((one, other) => one.port - other.port);
    return [first as Cluster, second as Cluster];
  }

  /** Makes the standby the primary. The old primary must be dead, or unreachable and about to be killed. */
  async promote(): Promise<void> {
    await this.#standby.promote();
    [this.#primary, this.#standby] = [this.#standby, this.#primary];
  }

  /** Kills the old primary after a promotion, and makes it the synchronous standby of the new one. */
  async rejoin(): Promise<void> {
    this.#standby.kill();
    await this.#standby.follow(this.#primary);
    await this.#synchronize();
  }

  /** Starts the primary again after it was killed. */
  async restartPrimary(): Promise<void> {
    await this.#primary.restart();
    await this.#untilSynchronous();
  }

  /** Starts the standby again after it was killed. Until then, no commit succeeds. */
  async restartStandby(): Promise<void> {
    await this.#standby.restart();
    await this.#untilSynchronous();
  }

  remove(): void {
    for (const cluster of this.clusters) {
      cluster.kill();
      cluster.remove();
    }
  }

  async #synchronize(): Promise<void> {
    await this.#primary.set('synchronous_standby_names', '*');
    await this.#untilSynchronous();
  }

  async #untilSynchronous(): Promise<void> {
    const untilMs = nowMs() + PAIRED_WITHIN_MS;
    while (!(await this.#primary.hasSynchronousStandby())) {
      if (nowMs() > untilMs) throw new Error('the standby does not follow its primary');
      await pause(POLL_MS);
    }
  }
}
