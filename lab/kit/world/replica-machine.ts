import { Clock, type CancelTimer } from '../../../src/clock/clock.js';
import type { Owner } from './agenda.js';
import type { World } from './world.js';

/** A machine that a replica runs on. Its monotonic clock has a zero and a rate of its own, and people set its wall clock. */
export class ReplicaMachine {
  readonly number: number;
  /** Milliseconds of its monotonic clock in a true millisecond. */
  readonly rate: number;
  readonly #world: World;
  #wallOffsetMs: number;

  constructor(world: World, number: number, rate: number, wallOffsetMs: number) {
    this.#world = world;
    this.number = number;
    this.rate = rate;
    this.#wallOffsetMs = wallOffsetMs;
  }

  monotonicMs(): number {
    return this.#world.nowMs * this.rate + 1_000_000 * this.number;
  }

  wallMs(): number {
    return this.#world.nowMs + this.#wallOffsetMs;
  }

  bootId(): string {
    return `boot-${this.number}`;
  }

  setWallClock(byMs: number): void {
    this.#wallOffsetMs += byMs;
  }
}

/** The clocks and timers of one process on a machine. They end with the process. */
export class ReplicaClock extends Clock {
  readonly #world: World;
  readonly #machine: ReplicaMachine;
  readonly #owner: Owner;

  constructor(world: World, machine: ReplicaMachine, owner: Owner) {
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
    return this.#world.after(delayMs / this.#machine.rate, task, this.#owner);
  }
}
