import type { Machine as SimulatedMachine } from '../../../kit/world/machine-clock.js';
import type { World } from '../../../kit/world/world.js';

/** The machine that the server runs on: its boots, its monotonic clock, and its wall clock, which people set. */
export class Machine implements SimulatedMachine {
  readonly rate = 1;
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
