import type { Instant } from '../../../src/core/model/time.js';
import { OctoStoreError } from '../../../src/errors/octostore-error.js';
import { ExpiryJob } from '../../../src/store/jobs/expiry.job.js';
import { JobRunner } from '../../../src/store/jobs/job-runner.js';
import { LockStore } from '../../../src/store/lock-store.js';
import type { StateView } from '../../../src/core/state/state-view.js';
import { carryOut, refusal } from './carry-out.js';
import type { Counts } from './figures.js';
import type { Checks } from './checks/checks.js';
import { durableStateOn } from './checks/stored-values.js';
import type { Origin } from './checks/timeline-check.js';
import type { Profile } from './profile.js';
import type { Answer, Operation } from './request.js';
import type { Owner } from '../../kit/world/agenda.js';
import { DiskError, SimJournal, type SimDisk } from './world/disk.js';
import { MachineClock } from '../../kit/world/machine-clock.js';
import type { Machine } from './world/machine.js';
import type { World } from '../../kit/world/world.js';

export interface ServerParts {
  readonly world: World;
  readonly machine: Machine;
  readonly disk: SimDisk;
  readonly profile: Profile;
  readonly checks: Checks;
  readonly counts: Counts;
  /** The store has stopped for good, so the process has to end. */
  readonly failed: (process: ServerProcess) => void;
}

const WALL_CLOCK_EVERY_MS = 1_000;

/** One process of the server: the real store, law and jobs, from its start to its end. */
export class ServerProcess implements Owner {
  isAlive = true;
  pausedUntilMs = 0;
  readonly journal: SimJournal;
  readonly #parts: ServerParts;
  readonly #clock: MachineClock;
  readonly #jobs = new JobRunner();
  readonly #unanswered = new Set<Operation>();
  #store: LockStore | null = null;
  #deciding: Operation | null = null;
  #isFollowingWallClock = false;
  #isStopping = false;

  constructor(parts: ServerParts) {
    const { world, machine, disk, profile } = parts;
    this.#parts = parts;
    this.#clock = new MachineClock(world, machine, this);
    this.journal = new SimJournal(disk, world, profile, this);
  }

  /** Null while it cannot serve. */
  get store(): LockStore | null {
    return this.isAlive ? this.#store : null;
  }

  /** Requests that wait for their answers. */
  get unanswered(): ReadonlySet<Operation> {
    return this.#unanswered;
  }

  async start(origin: Origin): Promise<void> {
    const { world, profile, machine, checks, disk } = this.#parts;
    checks.starting(origin);
    const found = durableStateOn(disk);
    const startedAtMs = machine.monotonicMs();
    const hasWritten = machine.lookedAtWallClock();
    let store: LockStore;
    try {
      store = await LockStore.lead(this.journal, this.#clock, profile.options);
    } catch {
      this.#parts.failed(this);
      return;
    }
    if (!this.isAlive) return;
    hasWritten();
    this.#store = store;
    const { options } = profile;
    const instantAt = (ms: number): Instant => Math.floor(ms + disk.server.monotonicOffset) as Instant;
    checks.started({
      found,
      left: durableStateOn(disk),
      options,
      graceSeconds: options.restartGraceSeconds,
      startedAt: instantAt(startedAtMs),
      view: viewOf(store),
      instant: () => instantAt(machine.monotonicMs()),
    });
    this.#observe(store);
    this.#runJobs(store);
    world.note('serving', store.epoch);
  }

  /** A request arrives. `reply` gets its answer, if there ever is one. */
  handle(operation: Operation, reply: (answer: Answer) => void): void {
    const { store } = this;
    if (store === null || this.#isStopping) return reply({ kind: 'refused', code: 'connection_refused' });
    this.#unanswered.add(operation);
    this.#parts.checks.arrived(operation);
    this.#deciding = operation;
    const answered = carryOut(store, operation, this.#parts.checks);
    this.#deciding = null;
    answered.catch(refusal).then(
      (answer) => this.#answer(operation, answer, reply),
      (error: unknown) => this.#parts.world.report(`unexpected error: ${String(error)}`),
    );
  }

  /** What SIGTERM does: the server accepts nothing new, and finishes what is under way. Resolves when the journal is closed. */
  async stop(): Promise<void> {
    const store = this.store;
    if (store === null || this.#isStopping) return;
    this.#isStopping = true;
    store.drain();
    await this.#jobs.beforeApplicationShutdown();
    await store.close();
  }

  /** The process ends at once, whatever is under way. */
  die(): void {
    this.isAlive = false;
    this.#unanswered.clear();
    this.journal.cut();
    this.#parts.checks.ended();
  }

  #answer(operation: Operation, answer: Answer, reply: (answer: Answer) => void): void {
    // What a dead process still computes reaches no one.
    if (!this.isAlive) return;
    this.#unanswered.delete(operation);
    operation.isAnswered = true;
    this.#parts.checks.answered(operation, answer);
    reply(answer);
  }

  #observe(store: LockStore): void {
    const { checks, counts } = this.#parts;
    store.observe({
      decided: (command, step) => checks.decided(command, step, this.#deciding),
      committed: ({ events }) => checks.published(events),
      failed: (error) => {
        counts.failedCommits += 1;
        // The disk may fail; the law must not.
        if (!isDiskFailure(error)) this.#parts.world.report(`the store stopped: ${String(error)}`);
        checks.ended();
        this.#parts.failed(this);
      },
    });
  }

  #runJobs(store: LockStore): void {
    const { world, machine, profile } = this.#parts;
    const jobs = new ExpiryJob(this.#jobs, store);
    const sweep = (): void => {
      void jobs.sweep();
      world.after(profile.sweepEveryMs, sweep, this);
    };
    const follow = async (): Promise<void> => {
      world.after(WALL_CLOCK_EVERY_MS, () => void follow(), this);
      if (this.#isFollowingWallClock) return;
      this.#isFollowingWallClock = true;
      const hasWritten = machine.lookedAtWallClock();
      await jobs.followWallClock();
      this.#isFollowingWallClock = false;
      const isDone = this.isAlive && !this.#isStopping && store.admission.isRunning;
      if (isDone) hasWritten();
    };
    world.after(world.random.span(0, profile.sweepEveryMs), sweep, this);
    world.after(world.random.span(0, WALL_CLOCK_EVERY_MS), () => void follow(), this);
  }
}

/** The simulation reads the state itself, not what readers learn once it is durable. */
function viewOf(store: LockStore): StateView {
  return store.peek((view) => view);
}

function isDiskFailure(error: unknown): boolean {
  return error instanceof OctoStoreError && error.cause instanceof DiskError;
}
