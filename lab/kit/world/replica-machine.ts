import type { Machine } from './machine-clock.js';
import type { World } from './world.js';

/** A machine that a replica runs on. Its monotonic clock has a zero and a rate of its own, and people set its wall clock. */
export class ReplicaMachine implements Machine {
  readonly number: number;
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
