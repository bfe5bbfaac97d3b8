import type { AcquireRequest, Command } from '#server/core/model/command.js';
import type { TicketId } from '#server/core/model/ids.js';
import type { AcquireAnswer, OutcomeOf } from '#server/core/model/outcome.js';
import type { Quotas } from '#server/core/model/quotas.js';
import { afterMs, type Instant } from '#server/core/model/time.js';
import { State } from '#server/core/state/state.js';
import type { StateView } from '#server/core/state/state-view.js';
import { step, type Step } from '#server/core/step.js';

const UNLIMITED: Quotas = {
  maxLocks: Infinity,
  maxLocksPerUser: Infinity,
  maxSessions: Infinity,
  maxSessionsPerUser: Infinity,
  maxWaiters: Infinity,
  maxWaitersPerUser: Infinity,
  maxFences: Infinity,
  maxFencesPerUser: Infinity,
};

const DEADLINES_PER_SWEEP = 1000;

/** The rules of the server, with a state in memory, and a clock that moves only when it is told to. */
export class Law {
  readonly #state = new State();
  readonly #waiting = new Map<TicketId, (answer: AcquireAnswer) => void>();
  readonly #startedAtMs = Date.now();
  #now = 0 as Instant;
  #lastTicket = 0;

  get state(): StateView {
    return this.#state;
  }

  get now(): Instant {
    return this.#now;
  }

  /** What a wall clock shows at an instant. */
  wallClockAt(instant: Instant): Date {
    return new Date(this.#startedAtMs + instant);
  }

  execute<C extends Command>(command: C): OutcomeOf<C> {
    const { outcome, settlements }: Step<C> = step(this.#state, command, this.#now, UNLIMITED);
    for (const { ticketId, answer } of settlements) {
      this.#waiting.get(ticketId)?.(answer);
      this.#waiting.delete(ticketId);
    }
    return outcome;
  }

  /** Waits in line if necessary. If the signal is aborted, the place is kept for a while, as after a lost connection. */
  async acquire(
    request: AcquireRequest,
    seconds: number,
    signal?: AbortSignal | null,
  ): Promise<AcquireAnswer> {
    this.#lastTicket += 1;
    const ticketId = this.#lastTicket as TicketId;
    const wait = seconds > 0 ? { ticketId, seconds } : null;
    const outcome = this.execute({ kind: 'acquire', request, wait });
    if (outcome.kind !== 'queued') return outcome;
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.delete(ticketId);
        this.execute({ kind: 'leave_queue', ticketId, keepsPlace: true });
        reject(signal?.reason as Error);
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiting.set(ticketId, (answer) => {
        signal?.removeEventListener('abort', leave);
        resolve(answer);
      });
    });
  }

  /** Moves the clock. Everything that is due meanwhile happens at its time. */
  advance(milliseconds: number): void {
    const end = afterMs(this.#now, milliseconds);
    for (;;) {
      const due = this.#state.earliestDue();
      // Deadlines are the last instants at which things are alive.
      const next = due === undefined ? end : afterMs(due.deadline, 1);
      if (next > end) break;
      this.#now = next > this.#now ? next : this.#now;
      this.#sweep();
      if (due === undefined) break;
    }
    this.#now = end;
  }

  #sweep(): void {
    while (this.execute({ kind: 'sweep', limit: DEADLINES_PER_SWEEP }).more);
  }
}
