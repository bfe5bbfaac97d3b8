import type { Watermarks } from '../../../../src/journal/batch.js';
import type { Machine } from '../world/machine.js';

/**
 * How far the time line may move at a reboot, when only the wall clock shows how much time has passed. A change by less than a
 * quarter of a second counts as drift, and clocks are read in whole milliseconds.
 */
const REBOOT_SLACK_MS = 253;

/** How time passed before a process started. */
export interface Origin {
  readonly isReboot: boolean;
  /** How far the wall clock was set forward unseen before a reboot. The server counts that as time that has passed. */
  readonly unseenMs: number;
}

/**
 * Compares the service's time line with true time. The line never goes back, and it is never further ahead than before.
 * So no deadline comes early, except by the time that a reboot hides.
 */
export class TimelineCheck {
  readonly #machine: Machine;
  readonly #report: (broken: string) => void;
  #lastInstant = 0;
  /** How far the line is ahead of true time; null before anything is written. */
  #aheadMs: number | null = null;

  constructor(machine: Machine, report: (broken: string) => void) {
    this.#machine = machine;
    this.#report = report;
  }

  /** The time until which the line is durable. */
  get lastInstant(): number {
    return this.#lastInstant;
  }

  written({ lastInstant, monotonicOffset }: Watermarks, { isReboot, unseenMs }: Origin): void {
    if (lastInstant < this.#lastInstant) this.#report(`time went back to ${lastInstant}`);
    this.#lastInstant = lastInstant;
    const aheadMs = monotonicOffset - this.#machine.bootedAtMs;
    const movedMs = Math.round(aheadMs - (this.#aheadMs ?? aheadMs));
    this.#aheadMs = aheadMs;
    if (movedMs !== 0 && !isReboot) this.#report(`the time line moved by ${movedMs} ms`);
    if (movedMs > unseenMs + REBOOT_SLACK_MS) this.#report(`the time line went ${movedMs} ms ahead`);
  }
}
