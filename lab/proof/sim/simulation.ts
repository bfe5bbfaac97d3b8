import { Checks } from './checks/checks.js';
import type { Origin } from './checks/timeline-check.js';
import { Client } from './client.js';
import { noCounts, type Counts } from './figures.js';
import type { SimulatedRun } from './serve-jobs.js';
import { Network } from './network.js';
import { drawProfile, type Profile } from './profile.js';
import { EventLogReader } from './reader.js';
import { ServerProcess } from './server.js';
import { SimDisk } from './world/disk.js';
import { Machine } from './world/machine.js';
import { Trace } from '../../kit/world/trace.js';
import { World } from '../../kit/world/world.js';

export type Run = SimulatedRun<Counts>;

const DAY_MS = 86_400_000;
const WEBHOOKS = 'webhooks';

/** Simulates the run that a seed decides. */
export async function simulate(seed: number, keepsLines = false): Promise<Run> {
  const simulation = new Simulation(seed, new Trace(keepsLines));
  const broken = await simulation.run();
  return {
    seed,
    hash: simulation.trace.hash,
    counts: simulation.counts,
    broken,
    lines: simulation.trace.lines,
  };
}

/** One server on one machine with one disk, its clients, and all their faults. */
class Simulation {
  readonly trace: Trace;
  readonly counts = noCounts();
  readonly #world: World;
  readonly #profile: Profile;
  readonly #machine: Machine;
  readonly #disk: SimDisk;
  readonly #checks: Checks;
  readonly #clients: Client[] = [];
  readonly #readers: EventLogReader[];
  #server: ServerProcess | null = null;
  /** Whether the machine has rebooted since a process last served. */
  #isRebooted = false;
  /** How far the wall clock was set forward unseen since then. */
  #unseenMs = 0;
  #isCalm = false;

  constructor(seed: number, trace: Trace) {
    this.trace = trace;
    const world = new World(seed, trace);
    const profile = drawProfile(world.random);
    const { counts } = this;
    this.#world = world;
    this.#profile = profile;
    this.#machine = new Machine(world);
    this.#checks = new Checks({ world, machine: this.#machine, counts });
    this.#disk = new SimDisk({
      begun: (batch) => this.#checks.commitBegun(batch),
      written: (batch) => this.#checks.written(batch),
      crash: () => this.#crash(),
    });
    const network = new Network({ world, profile, checks: this.#checks, counts, server: () => this.#server });
    for (let number = 0; number < profile.clients; number += 1) {
      this.#clients.push(new Client(world, network, profile, number));
    }
    this.#readers = [null, WEBHOOKS].map((name) => new EventLogReader(world, this.#checks, counts, name));
  }

  /** Resolves with the promise that was broken; null if none was. */
  async run(): Promise<string | null> {
    const startedAtMs = this.#world.nowMs;
    try {
      this.#start(false);
      for (const client of this.#clients) client.work().catch((error: unknown) => this.#fail(error));
      this.#planTrouble();
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

  readonly #afterStep = (): void => this.#checks.afterStep();

  #start(isReboot: boolean): void {
    if (isReboot) this.#machine.reboot();
    this.#isRebooted ||= isReboot;
    // If no process recorded a boot, the next process treats it as a new one.
    if (this.#isRebooted) this.#unseenMs += Math.max(0, this.#machine.unseenMs);
    const origin: Origin = { isReboot: this.#isRebooted, unseenMs: this.#unseenMs };
    const world = this.#world;
    const server = new ServerProcess({
      world,
      checks: this.#checks,
      counts: this.counts,
      machine: this.#machine,
      disk: this.#disk,
      profile: this.#profile,
      failed: (process) => world.after(world.random.span(0, 20), () => this.#crash(), process),
    });
    this.#server = server;
    world.note('start', isReboot);
    server.start(origin).then(
      () => this.#serving(server),
      (error: unknown) => this.#fail(error),
    );
  }

  #serving(server: ServerProcess): void {
    if (server.store === null) return;
    this.#isRebooted = false;
    this.#unseenMs = 0;
    const cursor = this.#disk.cursors.get(WEBHOOKS)?.sequence ?? server.store.log.prunedThrough;
    for (const reader of this.#readers) reader.follow(server, cursor);
  }

  #planTrouble(): void {
    const { random } = this.#world;
    this.#world.after(random.span(1, 2 * this.#profile.troubleEveryMs), () => {
      if (this.#isCalm) return;
      this.#makeTrouble(random.below(100));
      this.#planTrouble();
    });
  }

  #makeTrouble(chance: number): void {
    const { random } = this.#world;
    if (chance < 25) return this.#crash();
    if (chance < 32) return void this.#stop().catch((error: unknown) => this.#fail(error));
    if (chance < 62) return this.#pause(random.chance(0.3) ? random.span(1_000, 8_000) : random.span(5, 600));
    if (chance < 90) return this.#setWallClock();
    return this.#fillDisk();
  }

  #setWallClock(): void {
    const { random } = this.#world;
    const byMs = random.span(1_000, random.chance(0.5) ? 20_000 : 3 * DAY_MS) * (random.chance(0.5) ? 1 : -1);
    this.counts.wallJumps += 1;
    this.#world.note('wall clock set by', byMs);
    this.#machine.setWallClock(byMs);
  }

  #pause(ms: number): void {
    if (this.#server === null) return;
    this.counts.pauses += 1;
    this.#world.note('pause', ms);
    this.#server.pausedUntilMs = this.#world.nowMs + ms;
  }

  #fillDisk(): void {
    const admission = this.#server?.store?.admission;
    if (admission === undefined) return;
    this.#world.note('disk is nearly full');
    admission.setStorageLow(true);
    this.#world.after(this.#world.random.span(10, 800), () => admission.setStorageLow(false));
  }

  #crash(): void {
    if (this.#server === null) return;
    this.counts.crashes += 1;
    this.#world.note('crash');
    this.#endProcess();
  }

  async #stop(): Promise<void> {
    const server = this.#server;
    if (server?.store == null) return;
    this.counts.stops += 1;
    this.#world.note('stop');
    await server.stop();
    if (server.isAlive) this.#endProcess();
  }

  #endProcess(): void {
    const { random } = this.#world;
    this.#server?.die();
    this.#server = null;
    const isReboot = random.chance(this.#profile.reboots);
    if (isReboot) this.counts.reboots += 1;
    const downMs = random.chance(0.3) ? random.span(500, 6_000) : random.span(1, 400);
    this.#world.after(downMs, () => this.#start(isReboot));
  }

  /** Ends the faults. Every request that still waits must be answered. */
  async #calmDown(): Promise<void> {
    this.#isCalm = true;
    for (const client of this.#clients) client.isOver = true;
    const untilMs = this.#world.nowMs + CALM_MS;
    const isOver = (): boolean => this.#isQuiet() || this.#world.nowMs > untilMs;
    await this.#world.run(isOver, this.#afterStep);
    if (!this.#isQuiet()) throw new Error('a request still waits for its answer, long after the last fault');
  }

  #isQuiet(): boolean {
    return this.#server?.store != null && this.#server.unanswered.size === 0;
  }

  #fail(error: unknown): void {
    this.#world.report(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}

/** Longer than the longest wait, downtime and pause together. */
const CALM_MS = 30_000;
