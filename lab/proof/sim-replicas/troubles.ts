import type { Random } from '../../kit/random.js';
import type { World } from '../../kit/world/world.js';
import type { Cluster } from '../../kit/simulated-postgres/cluster.js';
import type { ReplicaCounts } from './figures.js';
import type { ReplicaProcess } from './process.js';
import type { ReplicaProfile } from './profile.js';

interface TroublesParts {
  readonly world: World;
  readonly profile: ReplicaProfile;
  readonly counts: ReplicaCounts;
  readonly cluster: Cluster;
  readonly processes: () => readonly ReplicaProcess[];
  /** Ends a process at once. Another one starts after a while. */
  readonly end: (process: ReplicaProcess) => void;
  readonly fail: (error: unknown) => void;
  /** Someone asks for the state of a lock, after so many milliseconds. */
  readonly readAfter: (delayMs: number) => void;
}

/** Reads that wait for a process that is frozen. What it answers first, when it goes on, must not be of the past. */
const READS_WHILE_FROZEN = 3;

/** What was committed before is on the standby by then. */
const ARRIVED_MS = 100;

/** Everything that goes wrong in a run, beside the network. */
export class Troubles {
  readonly #parts: TroublesParts;
  #isOver = false;

  constructor(parts: TroublesParts) {
    this.#parts = parts;
  }

  begin(): void {
    const { world, profile } = this.#parts;
    world.after(world.random.span(1, 2 * profile.troubleEveryMs), () => {
      if (this.#isOver) return;
      this.#make(world.random.below(100));
      this.begin();
    });
  }

  /** In a crash loop, it crashes before the next leader may give time to renew again. */
  leaderServes(process: ReplicaProcess): void {
    const { world, profile } = this.#parts;
    if (!profile.crashesInLoop || this.#isOver) return;
    const graceMs = 1000 * profile.options.restartGraceSeconds;
    world.after(world.random.span(graceMs / 2, graceMs - 500), () => this.#crash(process), process);
  }

  end(): void {
    this.#isOver = true;
  }

  #make(chance: number): void {
    const { profile, world } = this.#parts;
    if (!profile.isSynchronous && world.random.chance(0.3)) this.#loseATerm();
    else if (chance < 42) this.#troubleAProcess(chance);
    else this.#troubleTheDatabase(chance);
  }

  #troubleAProcess(chance: number): void {
    const { world, processes } = this.#parts;
    const all = processes();
    const serving = all.filter(({ isServing }) => isServing);
    const candidates = serving.length > 0 && world.random.chance(0.7) ? serving : all;
    if (candidates.length === 0) return;
    const process = world.random.pick(candidates);
    if (chance < 8) this.#crash(process);
    else if (chance < 13) void this.#stop(process).catch(this.#parts.fail);
    else if (chance < 32) this.#pause(process);
    else if (chance < 38) this.#cutOff(process);
    else this.#setWallClock(process);
  }

  #troubleTheDatabase(chance: number): void {
    if (chance < 60) this.#failOver();
    else if (chance < 75) this.#restart();
    else this.#holdStandby();
  }

  #crash(process: ReplicaProcess): void {
    this.#parts.counts.crashes += 1;
    this.#parts.world.note('crash', process.machine.number);
    this.#parts.end(process);
  }

  async #stop(process: ReplicaProcess): Promise<void> {
    this.#parts.counts.stops += 1;
    this.#parts.world.note('stop', process.machine.number);
    await process.stop();
    this.#parts.end(process);
  }

  /** Time passes, and the process goes on in the middle of anything. */
  #pause(process: ReplicaProcess): void {
    const { world, counts } = this.#parts;
    const ms = this.#pauseMs(world.random);
    counts.pauses += 1;
    world.note('pause', process.machine.number, ms);
    if (world.random.chance(0.4)) process.freezeInNextCommit(ms);
    else process.freeze(ms);
    for (let reads = 0; reads < READS_WHILE_FROZEN; reads += 1)
      this.#parts.readAfter(world.random.span(0, ms));
  }

  /**
   * The leader is frozen, and the standby gets nothing of the term of the next one, before it is promoted. Then the leader goes on where
   * the database is again.
   */
  #loseATerm(): void {
    const { world, processes, cluster } = this.#parts;
    const { random } = world;
    const leader = processes().find(({ isServing }) => isServing);
    if (leader === undefined) return;
    const frozenMs = random.span(3_500, 7_000);
    world.note('a term is to be lost', leader.machine.number, frozenMs);
    leader.freeze(frozenMs);
    world.after(ARRIVED_MS, () => cluster.holdStandby(frozenMs));
    world.after(frozenMs - random.span(0, 400), () => this.#failOver());
  }

  /** Often about as long as others wait before they take over. */
  #pauseMs(random: Random): number {
    if (random.chance(0.4)) return random.span(2_700, 4_500);
    return random.chance(0.6) ? random.span(1_000, 8_000) : random.span(5, 600);
  }

  #cutOff(process: ReplicaProcess): void {
    const { world, counts } = this.#parts;
    const ms = world.random.span(100, 9_000);
    counts.cutOffs += 1;
    world.note('cut off', process.machine.number, ms);
    process.isCutOffUntilMs = world.nowMs + ms;
  }

  #setWallClock(process: ReplicaProcess): void {
    const { world, counts } = this.#parts;
    const byMs = world.random.span(1_000, 86_400_000) * (world.random.chance(0.5) ? 1 : -1);
    counts.wallJumps += 1;
    world.note('wall clock set by', process.machine.number, byMs);
    process.machine.setWallClock(byMs);
  }

  #failOver(): void {
    const { world, counts, cluster, profile } = this.#parts;
    if (!cluster.hasStandby) return;
    const { random } = world;
    // Two primaries that both acknowledge what they alone have cannot keep any promise.
    const livesOnMs = profile.isSynchronous && random.chance(0.3) ? random.span(200, 12_000) : 0;
    counts.failOvers += 1;
    world.note('fail-over', livesOnMs);
    cluster.failOver(random.span(20, 2_500), livesOnMs, random.span(50, 3_000));
  }

  #restart(): void {
    const { world, counts, cluster } = this.#parts;
    counts.restarts += 1;
    world.note('restart of the database');
    cluster.restart(world.random.span(50, 2_000));
  }

  /** The standby hangs. Often someone cancels the wait for it, or the primary is lost. */
  #holdStandby(): void {
    const { world, counts, cluster } = this.#parts;
    const { random } = world;
    const ms = random.span(200, 6_000);
    world.note('the standby hangs', ms);
    cluster.holdStandby(ms);
    const instance = cluster.primary;
    const endWait = (): void => {
      if (!instance.isWaitingForStandby) return;
      const isCancelled = random.chance(0.6);
      counts.cancelledWaits += 1;
      world.note(isCancelled ? 'a wait is cancelled' : 'a wait is terminated');
      if (isCancelled) instance.cancelWait();
      else instance.terminateWait();
    };
    if (random.chance(0.7)) world.after(random.span(0, ms), endWait);
    if (random.chance(0.3)) world.after(random.span(0, ms), endWait);
    if (random.chance(0.3)) world.after(random.span(0, ms), () => this.#failOver());
  }
}
