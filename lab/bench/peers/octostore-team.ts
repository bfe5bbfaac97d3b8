import { BENCH_SETTINGS } from '../../../src/bench/server/server-under-test.js';
import { DURABLE } from '../../kit/postgres/cluster.js';
import { Pair } from '../../kit/postgres/pair.js';
import type { Replica } from '../../kit/server/replica.js';
import { Team } from '../../kit/server/team.js';
import { PeerMissing, type Aim } from './peer.js';

const LED_WITHIN_MS = 60_000;

/** Three replicas on a primary and a synchronous standby. A commit is on the disks of both before a client gets its answer. */
export class OctoStoreTeam {
  private constructor(private readonly team: Team) {}

  static async start(): Promise<OctoStoreTeam> {
    const pair = await Pair.create(DURABLE);
    if (pair === null) throw new PeerMissing('To install PostgreSQL: apt-get install postgresql');
    process.once('exit', () => pair.remove());
    const team = await Team.on(pair, BENCH_SETTINGS);
    try {
      await team.start(new AbortController().signal);
      return new OctoStoreTeam(team);
    } catch (error) {
      await team.remove();
      throw error;
    }
  }

  /** The replica that leads. */
  async leader(): Promise<Aim> {
    return this.#aimAt(await this.#leader());
  }

  /** A replica that forwards to the one that leads. */
  async standby(): Promise<Aim> {
    const leader = await this.#leader();
    return this.#aimAt(this.team.replicas.find((replica) => replica !== leader) ?? leader);
  }

  stop(): Promise<void> {
    return this.team.remove();
  }

  #leader(): Promise<Replica> {
    return this.team.set.untilLed(LED_WITHIN_MS);
  }

  #aimAt({ address, processId }: Replica): Aim {
    const target = { ...address, isSecure: false, basePath: '', token: this.team.token };
    return { target, processId: processId ?? 0 };
  }
}
