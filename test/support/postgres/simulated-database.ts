import { Cluster } from '../../../lab/kit/simulated-postgres/cluster.js';
import { numberIn } from '../../../lab/kit/simulated-postgres/database-state.js';
import {
  describedSchema,
  type DescribedSchema,
} from '../../../lab/kit/simulated-postgres/described-schema.js';
import type { Reply } from '../../../lab/kit/simulated-postgres/instance.js';
import { connectTo } from '../../../lab/kit/simulated-postgres/sim-connection.js';
import { MachineClock } from '../../../lab/kit/world/machine-clock.js';
import { ReplicaMachine } from '../../../lab/kit/world/replica-machine.js';
import { Trace } from '../../../lab/kit/world/trace.js';
import { World } from '../../../lab/kit/world/world.js';
import type { Statement } from '../../../src/journal/postgres/connection/connection.js';
import { assembleParts } from '../../../src/journal/postgres/open-parts.js';
import { PostgresJournal } from '../../../src/journal/postgres/postgres-journal.js';
import { TIMING } from '../../../src/journal/postgres/term/timing.js';

const CALM = { late: 0, repeated: 0, lost: 0 };
const OWNER = { isAlive: true, pausedUntilMs: 0, isCutOffUntilMs: 0 };

/** A simulated PostgreSQL. Its time passes by itself, as fast as it can. */
export class SimulatedDatabase {
  readonly #world = new World(1, new Trace(false));
  readonly #schema: DescribedSchema;
  readonly #cluster: Cluster;
  #isRunning = true;
  #wallMs: number | null = null;

  private constructor(schema: DescribedSchema) {
    this.#schema = schema;
    this.#cluster = new Cluster({
      world: this.#world,
      schema,
      isSynchronous: true,
      replicationMs: 1,
      wallMs: () => this.#wallMs ?? this.#world.nowMs,
      hooks: { kept: () => undefined, lostAfter: () => undefined },
    });
    void this.#passTime();
  }

  static async create(): Promise<SimulatedDatabase> {
    return new SimulatedDatabase(await describedSchema());
  }

  connect(): PostgresJournal {
    const ends = { world: this.#world, wires: CALM, owner: OWNER };
    const clock = new MachineClock(this.#world, new ReplicaMachine(this.#world, 1, 1, 0), OWNER);
    return PostgresJournal.of(
      assembleParts({
        databaseName: 'the simulated database',
        connect: (last) => connectTo(this.#cluster, ends, clock, last),
        clock,
        timing: TIMING,
        dataSource: this.#schema.dataSource,
      }),
    );
  }

  /** From now on its clock stands at this time, since 1970. */
  setClock(wallMs: number): void {
    this.#wallMs = wallMs;
  }

  /** Runs a statement on the primary. */
  run(statement: Statement): Promise<Reply> {
    return new Promise((resolve) => this.#cluster.primary.run(statement, resolve));
  }

  /** What a process leaves that has led a term, and has resigned. */
  leadAndResign(): void {
    const { primary } = this.#cluster;
    const { flushed } = primary;
    const { server } = flushed.state;
    const [epoch, commitNo] = [numberIn(server, 'epoch') + 1, numberIn(server, 'commit_no') + 1];
    const row = { ...server, epoch, commit_no: commitNo, reign: 'another', leader_url: null };
    const state = flushed.state.withServer(row);
    primary.receive({ ...flushed, index: flushed.index + 1, previous: flushed, state });
  }

  remove(): void {
    this.#isRunning = false;
  }

  async #passTime(): Promise<void> {
    while (this.#isRunning) {
      await this.#world.run(
        () => !this.#isRunning,
        () => undefined,
      );
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
