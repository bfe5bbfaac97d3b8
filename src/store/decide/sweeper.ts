import type { Clock } from '../../clock/clock.js';
import type { State } from '../../core/state/state.js';
import type { Admission } from '../admission.js';
import type { Timeline } from '../timeline.js';
import type { Decider } from './decider.js';

/** Deadlines that one step of a sweep ends at most, so that renewals get their turn while very many leases expire. */
const SWEEP_STEP_MAX = 500;

/** Milliseconds after which what is overdue shows that no timer gets its turn: thousands of connections are busy. */
const OVERDUE_MS_MAX = 100;

interface Parts {
  readonly clock: Clock;
  readonly state: State;
  readonly timeline: Timeline;
  readonly admission: Admission;
  readonly decider: Decider;
}

/** Ends what is overdue, in small steps. */
export class Sweeper {
  readonly #parts: Parts;
  #underWay: Promise<void> | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Ends everything that is overdue. Joins the sweep that is under way, if there is one. */
  sweep(): Promise<void> {
    this.#underWay ??= this.#endOverdue().finally(() => (this.#underWay = null));
    return this.#underWay;
  }

  /** Begins the sweep on behalf of a timer that is late. */
  sweepIfOverdue(): void {
    const { state, timeline } = this.#parts;
    const due = state.earliestDue();
    if (due === undefined || timeline.now() - due.deadline <= OVERDUE_MS_MAX) return;
    // Why a commit fails is reported elsewhere.
    this.sweep().catch(() => undefined);
  }

  async #endOverdue(): Promise<void> {
    const { clock, state, timeline, admission, decider } = this.#parts;
    while (state.isAnythingDue(timeline.now())) {
      admission.assertRunning();
      const { durable } = decider.decide({ kind: 'sweep', limit: SWEEP_STEP_MAX });
      // Waiters whose time is up leave nothing to commit, so that the disk alone would give nobody a turn.
      await Promise.all([durable, new Promise<void>((resolve) => clock.afterBacklog(resolve))]);
    }
  }
}
