import { Clock, type CancelTimer } from '../../../src/clock/clock.js';
import type { Owner } from './agenda.js';
import type { World } from './world.js';

/** A simulated machine, as its processes see it. */
export interface Machine {
  /** Milliseconds of its monotonic clock in a true millisecond. */
  readonly rate: number;
  monotonicMs(): number;
  wallMs(): number;
  bootId(): string;
}

/** The clocks and timers of one process on a machine. They end with the process. */
export class MachineClock extends Clock {
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
    return this.#world.after(delayMs / this.#machine.rate, task, this.#owner);
  }
}
