import type { CancelTimer } from '../../../src/clock/clock.js';
import { Agenda, type Owner } from './agenda.js';
import { Random } from '../random.js';
import type { Trace } from './trace.js';

/** An invariant was broken: the service did something that it promises never to do. */
export class InvariantBroken extends Error {
  override readonly name = 'InvariantBroken';
}

/**
 * Time, chance and the order of events. Its clock shows true time, which no part of the simulation can read or set. It goes on while
 * the machine is off. One step is one task with everything that follows from it while no time
 * passes.
 */
export class World {
  readonly random: Random;
  readonly trace: Trace;
  readonly #agenda = new Agenda();
  #nowMs = 1_000;
  #steps = 0;
  #broken: string | null = null;

  constructor(seed: number, trace: Trace) {
    this.random = new Random(seed);
    this.trace = trace;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  get steps(): number {
    return this.#steps;
  }

  note(what: string, ...details: readonly (string | number | boolean | null)[]): void {
    this.trace.note(this.#nowMs, what, ...details);
  }

  /** Runs something after a delay, unless its owner dies first. */
  after(delayMs: number, run: () => void, owner: Owner | null = null): CancelTimer {
    const lot = this.random.below(2 ** 30);
    const task = { atMs: this.#nowMs + Math.max(0, delayMs), lot, owner, run, isCancelled: false };
    this.#agenda.add(task);
    return () => {
      task.isCancelled = true;
    };
  }

  /** Remembers the first broken invariant. It does not throw: the code under test must not catch it. */
  report(broken: string): void {
    this.#broken ??= broken;
  }

  /** Runs tasks until `isOver` returns true or none is left. Throws `InvariantBroken`. */
  async run(isOver: () => boolean, afterEachStep: () => void): Promise<void> {
    // From here on this is a microtask, which `everythingThatFollows` relies on.
    await Promise.resolve();
    while (!isOver()) {
      const task = this.#agenda.take();
      if (task === undefined) return;
      this.#nowMs = Math.max(this.#nowMs, task.atMs);
      this.#steps += 1;
      task.run();
      await everythingThatFollows();
      afterEachStep();
      if (this.#broken !== null) throw new InvariantBroken(this.#broken);
    }
  }
}

/**
 * Resolves when every promise that can settle while no time passes has settled. A tick requested by a microtask comes
 * after all microtasks, including those that they create. Unlike a turn of the event loop, it costs almost nothing.
 */
function everythingThatFollows(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
