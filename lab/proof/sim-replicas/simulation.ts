import { Client } from '../sim/client.js';
import { lockName } from '../sim/names.js';
import type { SimulatedRun } from '../sim/serve-jobs.js';
import { Network } from '../sim/network.js';
import { Trace } from '../../kit/world/trace.js';
import { World } from '../../kit/world/world.js';
import { ReplicaChecks } from './checks/replica-checks.js';
import { Cluster } from '../../kit/simulated-postgres/cluster.js';
import { describedSchema, type DescribedSchema } from '../../kit/simulated-postgres/described-schema.js';
import { noCounts, type ReplicaCounts } from './figures.js';
import { ReplicaMachine } from '../../kit/world/replica-machine.js';
import { ReplicaProcess } from './process.js';
import { drawProfile, type ReplicaProfile } from './profile.js';
import { Troubles } from './troubles.js';

export type ReplicaRun = SimulatedRun<ReplicaCounts>;

/** Longer than the longest outage, wait and pause together. */
const CALM_MS = 90_000;

/** Steps between two looks at what the readers of all processes see. */
const LOOK_EVERY = 8;

const DAY_MS = 86_400_000;

const READ_PATIENCE_MS = 10_000;

/** Simulates the run that a seed decides. */
export async function simulateReplicas(seed: number, keepsLines = false): Promise<ReplicaRun> {
  const simulation = new Simulation(seed, new Trace(keepsLines), await describedSchema());
  const broken = await simulation.run();
  const { trace, counts } = simulation;
  return { seed, hash: trace.hash, counts, broken, lines: trace.lines };
}

/** Some replicas on one database, their clients, and all their faults. */
class Simulation {
  readonly trace: Trace;
  readonly counts = noCounts();
  readonly #world: World;
  readonly #profile: ReplicaProfile;
  readonly #schema: DescribedSchema;
  readonly #checks: ReplicaChecks;
  readonly #cluster: Cluster;
  readonly #clients: Client[] = [];
  readonly #machines: ReplicaMachine[] = [];
  readonly #troubles: Troubles;
  /** The process on each machine, if one runs. */
  readonly #processes = new Map<ReplicaMachine, ReplicaProcess>();

  constructor(seed: number, trace: Trace, schema: DescribedSchema) {
    this.trace = trace;
    const { counts } = this;
    const world = new World(seed, trace);
    const profile = drawProfile(world.random);
    const { isSynchronous, replicationMs } = profile;
    this.#world = world;
    this.#profile = profile;
    this.#schema = schema;
    const checks = new ReplicaChecks({ world, schema, counts, profile });
    this.#checks = checks;
    const hooks = { kept: checks.kept.bind(checks), lostAfter: checks.lostAfter.bind(checks) };
    const wallMs = (): number => profile.databaseClockMs + world.nowMs;
    this.#cluster = new Cluster({ world, schema, isSynchronous, replicationMs, wallMs, hooks });
    const server = (): ReplicaProcess | null => this.#anyServing();
    const network = new Network({ world, profile, checks, counts, server });
    for (let number = 0; number < profile.clients; number += 1)
      this.#clients.push(new Client(world, network, profile, number));
    for (let number = 1; number <= profile.replicas; number += 1) this.#machines.push(this.#machine(number));
    this.#troubles = new Troubles({
      world,
      profile,
      counts,
      cluster: this.#cluster,
      processes: () => [...this.#processes.values()],
      end: (process) => this.#end(process),
      fail: (error) => this.#fail(error),
      readAfter: (delayMs) => {
        const read = { kind: 'status', lockName: lockName(world.random.below(profile.locks)) } as const;
        void network.call(read, delayMs + READ_PATIENCE_MS, delayMs);
      },
    });
  }

  /** Resolves with the promise that was broken; null if none was. */
  async run(): Promise<string | null> {
    const startedAtMs = this.#world.nowMs;
    try {
      for (const machine of this.#machines) this.#start(machine);
      for (const client of this.#clients) client.work().catch((error: unknown) => this.#fail(error));
      this.#troubles.begin();
      await this.#world.run(() => this.#world.steps >= this.#profile.steps, this.#afterStep);
      await this.#calmDown();
      return null;
    } catch (error) {
      return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    } finally {
      this.counts.steps = this.#world.steps;
      this.counts.simulatedMs = this.#world.nowMs - startedAtMs;
    }
  }

  readonly #afterStep = (): void => {
    if (this.#world.steps % LOOK_EVERY !== 0) return;
    for (const process of this.#processes.values()) process.expectSameView();
  };

  #machine(number: number): ReplicaMachine {
    const { random } = this.#world;
    const { drift } = this.#profile;
    // The difference of two clocks is at most `drift`.
    const rate = 1 + random.between(-drift / 2, drift / 2);
    const wallOffsetMs = 1_790_000_000_000 + random.span(-DAY_MS, DAY_MS);
    return new ReplicaMachine(this.#world, number, rate, wallOffsetMs);
  }

  #start(machine: ReplicaMachine): void {
    const process = new ReplicaProcess({
      world: this.#world,
      machine,
      cluster: this.#cluster,
      schema: this.#schema,
      profile: this.#profile,
      checks: this.#checks,
      counts: this.counts,
      serving: (leader) => this.#troubles.leaderServes(leader),
    });
    this.#processes.set(machine, process);
    this.#world.note('start', machine.number);
    process.run().catch((error: unknown) => this.#fail(error));
  }

  /** The process ends, and another one starts on its machine. */
  #end(process: ReplicaProcess): void {
    const { random } = this.#world;
    const { machine } = process;
    if (!process.isAlive) return;
    process.die();
    this.#processes.delete(machine);
    const downMs = random.chance(0.3) ? random.span(500, 6_000) : random.span(1, 400);
    this.#world.after(downMs, () => this.#start(machine));
  }

  /** One that believes that it leads, if there is one. */
  #anyServing(): ReplicaProcess | null {
    const serving = [...this.#processes.values()].filter(({ isServing }) => isServing);
    return serving.length === 0 ? null : this.#world.random.pick(serving);
  }

  /** Ends the faults. Every request that still waits must be answered. */
  async #calmDown(): Promise<void> {
    this.#troubles.end();
    for (const client of this.#clients) client.isOver = true;
    const untilMs = this.#world.nowMs + CALM_MS;
    const isOver = (): boolean => this.#isQuiet() || this.#world.nowMs > untilMs;
    await this.#world.run(isOver, this.#afterStep);
    if (!this.#isQuiet())
      throw new Error('no one serves, or a request still waits, long after the last fault');
  }

  #isQuiet(): boolean {
    const processes = [...this.#processes.values()];
    const serving = processes.filter(({ isServing }) => isServing);
    return serving.length === 1 && processes.every(({ unanswered }) => unanswered.size === 0);
  }

  #fail(error: unknown): void {
    this.#world.report(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}
