import { OctoStoreError } from '../../../src/errors/octostore-error.js';
import type { Batch } from '../../../src/journal/batch.js';
import { TermEndedError } from '../../../src/journal/errors.js';
import { assembleParts } from '../../../src/journal/postgres/open-parts.js';
import { PostgresJournal } from '../../../src/journal/postgres/postgres-journal.js';
import { TIMING } from '../../../src/journal/postgres/term/timing.js';
import { ExpiryJob } from '../../../src/store/jobs/expiry.job.js';
import { JobRunner } from '../../../src/store/jobs/job-runner.js';
import { TenureJob } from '../../../src/store/jobs/tenure.job.js';
import { LockStore } from '../../../src/store/lock-store.js';
import { carryOut, refusal } from '../sim/carry-out.js';
import type { Listener } from '../sim/network.js';
import type { Answer, Operation } from '../sim/request.js';
import type { World } from '../../kit/world/world.js';
import type { ReplicaChecks } from './checks/replica-checks.js';
import type { TermCheck } from './checks/term-check.js';
import type { Cluster } from '../../kit/simulated-postgres/cluster.js';
import type { DescribedSchema } from '../../kit/simulated-postgres/described-schema.js';
import { connectTo } from '../../kit/simulated-postgres/sim-connection.js';
import type { ReplicaCounts } from './figures.js';
import { MachineClock } from '../../kit/world/machine-clock.js';
import type { ReplicaMachine } from '../../kit/world/replica-machine.js';
import type { ReplicaProfile } from './profile.js';
import { WatchedJournal } from './watched-journal.js';

export interface ProcessParts {
  readonly world: World;
  readonly machine: ReplicaMachine;
  readonly cluster: Cluster;
  readonly schema: DescribedSchema;
  readonly profile: ReplicaProfile;
  readonly checks: ReplicaChecks;
  readonly counts: ReplicaCounts;
  /** Called when it has begun to serve. */
  readonly serving: (process: ReplicaProcess) => void;
}

const WALL_CLOCK_EVERY_MS = 1_000;
const TEND_EVERY_MS = 150;

/** A store that serves, with what belongs to it. */
interface Serving {
  readonly store: LockStore;
  readonly check: TermCheck;
  readonly jobs: JobRunner;
  isOver: boolean;
}

/** One process of the service: the real journal, store, law and jobs, from its start to its end. It leads again and again. */
export class ReplicaProcess implements Listener {
  isAlive = true;
  pausedUntilMs = 0;
  /** No packet gets from here to the database, nor back, before this time. */
  isCutOffUntilMs = 0;
  readonly machine: ReplicaMachine;
  readonly #parts: ProcessParts;
  readonly #clock: MachineClock;
  readonly #journal: PostgresJournal;
  readonly #watched: WatchedJournal;
  readonly #unanswered = new Set<Operation>();
  #serving: Serving | null = null;
  #deciding: Operation | null = null;
  #freezesForMs: number | null = null;
  #isStopping = false;

  constructor(parts: ProcessParts) {
    const { world, machine, cluster, schema, profile } = parts;
    this.machine = machine;
    this.#parts = parts;
    this.#clock = new MachineClock(world, machine, this);
    const ends = { world, wires: profile.wires, owner: this };
    const journalParts = assembleParts({
      databaseName: 'the simulated database',
      connect: (last) => connectTo(cluster, ends, this.#clock, last),
      clock: this.#clock,
      timing: TIMING,
      dataSource: schema.dataSource,
    });
    this.#journal = PostgresJournal.of({
      ...journalParts,
      callFor: parts.checks.watch(journalParts.callFor),
    });
    this.#watched = new WatchedJournal(this.#journal, this.#clock, (batch) => this.#begun(batch));
  }

  /** Whether it serves, as far as it knows. */
  get isServing(): boolean {
    return this.isAlive && this.#serving !== null && !this.#isStopping;
  }

  /** Requests that wait for their answers. */
  get unanswered(): ReadonlySet<Operation> {
    return this.#unanswered;
  }

  /** Leads whenever it can, until it dies. */
  async run(): Promise<void> {
    while (this.isAlive && !this.#isStopping) {
      try {
        await this.#serveOnce();
      } catch (error) {
        if (!this.isAlive || this.#isStopping) return;
        if (!isEndOfTerm(error)) throw error;
        this.#parts.counts.lostTerms += 1;
      }
      await this.#clock.pause(1);
    }
  }

  /** A request arrives. `reply` gets its answer, if there ever is one. */
  handle(operation: Operation, reply: (answer: Answer) => void): void {
    const serving = this.#serving;
    if (serving === null || this.#isStopping) return reply({ kind: 'refused', code: 'no_leader' });
    const { check, store } = serving;
    this.#unanswered.add(operation);
    this.#parts.checks.arrived(operation);
    this.#deciding = operation;
    const answered = carryOut(store, operation, check);
    this.#deciding = null;
    answered.catch(refusal).then(
      (answer) => this.#answer(operation, check, answer, reply),
      (error: unknown) => this.#parts.world.report(`unexpected error: ${String(error)}`),
    );
  }

  /** What SIGTERM does: the process accepts nothing new, finishes what is under way, and gives up its lead. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    const serving = this.#serving;
    serving?.store.drain();
    await serving?.jobs.beforeApplicationShutdown();
    await serving?.store.close();
    await this.#journal.close();
  }

  /** It goes on after so long, in true time. Whatever the database answers in the meantime waits for it. */
  freeze(ms: number): void {
    this.pausedUntilMs = this.#parts.world.nowMs + ms;
  }

  /** The same, just when it has sent its next commit. */
  freezeInNextCommit(ms: number): void {
    this.#freezesForMs = ms;
  }

  die(): void {
    this.isAlive = false;
    this.#unanswered.clear();
  }

  /** Called after each step of the simulation. */
  expectSameView(): void {
    if (this.isServing && this.pausedUntilMs <= this.#parts.world.nowMs)
      this.#serving?.check.expectSameView();
  }

  async #serveOnce(): Promise<void> {
    const { profile, checks, world, counts } = this.#parts;
    const store = await LockStore.lead(this.#watched, this.#clock, profile.options);
    if (!this.isAlive || this.#isStopping) return;
    const { reign, readAtMs, succession } = this.#watched;
    const check = checks.begin({ store, reign, readAtMs, succession, options: profile.options });
    const serving: Serving = { store, check, jobs: new JobRunner(), isOver: false };
    this.#serving = serving;
    counts.terms += 1;
    world.note('serving', this.machine.number, store.epoch);
    this.#parts.serving(this);
    const over = this.#observe(serving);
    this.#runJobs(serving);
    this.#journal.advertise(`http://replica-${this.machine.number}`).catch(() => undefined);
    await over;
  }

  /** Resolves when the store has stopped because the term is over. */
  #observe({ store, check }: Serving): Promise<void> {
    const { checks, world } = this.#parts;
    return new Promise((resolve, reject) => {
      store.observe({
        decided: (command, step) => check.decided(command, step, this.#deciding),
        committed: ({ events }) => {
          check.published(events);
          checks.published(events);
        },
        failed: (error) => {
          world.note('term is over', this.machine.number, store.epoch);
          this.#endServing();
          if (isEndOfTerm(error)) this.#parts.counts.lostTerms += 1;
          if (isEndOfTerm(error) || !this.isAlive) resolve();
          else reject(error instanceof Error ? error : new Error(String(error)));
        },
      });
    });
  }

  #endServing(): void {
    if (this.#serving !== null) this.#serving.isOver = true;
    this.#serving = null;
  }

  #begun(batch: Batch): void {
    this.#parts.checks.begun(batch);
    // A store that begins its term commits before it serves.
    this.#serving?.check.begun(batch);
    const ms = this.#freezesForMs;
    this.#freezesForMs = null;
    const { world } = this.#parts;
    if (ms !== null) world.after(world.random.span(0.25, 3), () => this.freeze(ms), this);
  }

  #answer(operation: Operation, check: TermCheck, answer: Answer, reply: (answer: Answer) => void): void {
    if (!this.isAlive) return;
    this.#unanswered.delete(operation);
    operation.isAnswered = true;
    this.#parts.checks.answered(operation, answer, check);
    reply(answer);
  }

  #runJobs(serving: Serving): void {
    const { profile, world } = this.#parts;
    const expiry = new ExpiryJob(serving.jobs, serving.store);
    const tenure = new TenureJob(serving.store);
    const every = (ms: number, task: () => void): void => {
      const run = (): void => {
        if (serving.isOver) return;
        task();
        this.#clock.after(ms, run);
      };
      this.#clock.after(world.random.span(0, ms), run);
    };
    every(profile.sweepEveryMs, () => void expiry.sweep());
    every(WALL_CLOCK_EVERY_MS, () => void expiry.followWallClock());
    every(TEND_EVERY_MS, () => tenure.tend());
  }
}

function isEndOfTerm(error: unknown): boolean {
  return (
    error instanceof TermEndedError ||
    (error instanceof OctoStoreError && error.cause instanceof TermEndedError)
  );
}
