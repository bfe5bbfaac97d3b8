import type { Clock } from '../../clock/clock.js';
import type { State } from '../../core/state/state.js';
import type { Admission } from '../admission.js';
import type { Timeline } from '../timeline.js';
import type { Decider } from './decider.js';

/** How many deadlines one step of a sweep handles at most, so that renewals get their turn while very many leases expire. */
const SWEEP_STEP_MAX = 500;

/** If anything is overdue for more milliseconds than this, the server is so busy that timers are late. */
const OVERDUE_MS_MAX = 100;

interface Parts {
  readonly clock: Clock;
  readonly state: State;
  readonly timeline: Timeline;
  readonly admission: Admission;
  readonly decider: Decider;
}

/** Ends everything that is overdue, in small steps. */
export class Sweeper {
  readonly #parts: Parts;
  #underWay: Promise<void> | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Ends everything that is overdue. If a sweep is already running, returns that one. */
  sweep(): Promise<void> {
    this.#underWay ??= this.#endOverdue().finally(() => (this.#underWay = null));
    return this.#underWay;
  }

  /** Starts a sweep if the timer that should have started it is late. */
  sweepIfOverdue(): void {
    const { state, timeline } = this.#parts;
    const due = state.earliestDue();
    if (due === undefined || timeline.now() - due.deadline <= OVERDUE_MS_MAX) return;
    // A failed commit is reported elsewhere.
    this.sweep().catch(() => undefined);
  }

  async #endOverdue(): Promise<void> {
    const { clock, state, timeline, admission, decider } = this.#parts;
    while (state.isAnythingDue(timeline.now())) {
      admission.assertAvailable();
      const { durable } = decider.decide({ kind: 'sweep', limit: SWEEP_STEP_MAX });
      // Waiters whose time is up leave nothing to commit, so waiting for the disk alone would give no one else a turn.
      await Promise.all([durable, new Promise<void>((resolve) => clock.afterBacklog(resolve))]);
    }
  }
}
