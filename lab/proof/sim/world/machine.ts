import { Clock, type CancelTimer } from '../../../../src/clock/clock.js';
import type { Owner } from '../../../kit/world/agenda.js';
import type { World } from '../../../kit/world/world.js';

/** The machine that the server runs on: its boots, its monotonic clock, and its wall clock, which people set. */
export class Machine {
  readonly #world: World;
  #boot = 1;
  #bootedAtMs: number;
  #wallOffsetMs = 1_790_000_000_000.75;
  /** By how much the wall clock was set in total. */
  #setByMs = 0;
  /** How much of that the server may have recorded. */
  #noticedMs: readonly number[] = [0];

  constructor(world: World) {
    this.#world = world;
    this.#bootedAtMs = world.nowMs - 500.25;
  }

  /** In true time. */
  get bootedAtMs(): number {
    return this.#bootedAtMs;
  }

  monotonicMs(): number {
    return this.#world.nowMs - this.#bootedAtMs;
  }

  wallMs(): number {
    return this.#world.nowMs + this.#wallOffsetMs;
  }

  bootId(): string {
    return `boot-${this.#boot}`;
  }

  setWallClock(byMs: number): void {
    this.#wallOffsetMs += byMs;
    this.#setByMs += byMs;
  }

  /** How far the clock may have been set forward since the server last read it. After a reboot, the server counts that as time that has passed. */
  get unseenMs(): number {
    return Math.max(...this.#noticedMs.map((noticed) => this.#setByMs - noticed));
  }

  /** The server reads the wall clock. It calls the returned function as soon as the reading is certainly durable. */
  lookedAtWallClock(): () => void {
    const seenMs = this.#setByMs;
    this.#noticedMs = [...this.#noticedMs, seenMs];
    return () => {
      this.#noticedMs = [seenMs];
    };
  }

  reboot(): void {
    this.#boot += 1;
    this.#bootedAtMs = this.#world.nowMs - this.#world.random.span(1, 50);
  }
}

/** The clocks and timers of one process on a machine. They end with the process. */
export class SimClock extends Clock {
  readonly #world: World;
  readonly #machine: Machine;
  readonly #owner: Owner;

  constructor(world: World, machine: Machine, owner: Owner) {
    super();
    this.#world = world;
    this.#machine = machine;
    this.#owner = owner;
  }

  monotonicMs(): number {
    return this.#machine.monotonicMs();
  }

  wallMs(): number {
    return this.#machine.wallMs();
  }

  bootId(): string | null {
    return this.#machine.bootId();
  }

  defer(task: () => void): void {
    this.after(this.#world.random.span(0, 0.5), task);
  }

  afterBacklog(task: () => void): void {
    this.defer(task);
  }

  after(delayMs: number, task: () => void): CancelTimer {
    return this.#world.after(delayMs, task, this.#owner);
  }
}
