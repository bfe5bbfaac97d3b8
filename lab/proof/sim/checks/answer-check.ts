import type { TicketId } from '../../../../src/core/model/ids.js';
import type { AcquireAnswer } from '../../../../src/core/model/outcome.js';
import type { Step } from '../../../../src/core/step.js';
import type { Answer, Operation } from '../request.js';

interface Settled {
  readonly answer: AcquireAnswer;
  readonly decision: number;
}

/** Knows what no crash can undo. */
interface Durable {
  isDurable(decision: number): boolean;
}

interface DurableTime {
  /** The time until which the line is durable. */
  readonly lastInstant: number;
}

/** Checks each answer: it is what was decided, and no crash can undo it. */
export class AnswerCheck {
  readonly #durable: Durable;
  readonly #timeline: DurableTime;
  readonly #report: (broken: string) => void;
  /** How waiters of the process that serves were answered. */
  readonly #settled = new Map<TicketId, Settled>();
  #abandoned: Operation[] = [];
  #newestToken = 0;

  constructor(durable: Durable, timeline: DurableTime, report: (broken: string) => void) {
    this.#durable = durable;
    this.#timeline = timeline;
    this.#report = report;
  }

  /** The highest token of an acknowledged grant. */
  get newestToken(): number {
    return this.#newestToken;
  }

  ended(): void {
    this.#settled.clear();
    this.#abandoned = [];
  }

  decided({ settlements }: Step, decision: number): void {
    for (const { ticketId, answer } of settlements) this.#settled.set(ticketId, { answer, decision });
  }

  answered(operation: Operation, answer: Answer): void {
    if (answer.kind === 'refused') return;
    const what = `request ${operation.id} was answered "${answer.kind}"`;
    if (answer.kind === 'abandoned') return this.#left(operation, what);
    if (operation.hasLeft && operation.isQueued) this.#report(`${what} after its client had left`);
    const { answer: decided, decision } = this.#decidedFor(operation);
    if (answer !== decided) this.#report(`${what}, which was not decided`);
    if (!this.#durable.isDurable(decision)) this.#report(`${what} from a decision that is not durable`);
    if (operation.restsOnInstant >= this.#timeline.lastInstant)
      this.#report(`${what} from a time that is not durable`);
    this.#expectNewToken(operation, answer, what);
  }

  /** The requests that were abandoned since the last call. */
  takeAbandoned(): readonly Operation[] {
    if (this.#abandoned.length === 0) return this.#abandoned;
    const abandoned = this.#abandoned;
    this.#abandoned = [];
    return abandoned;
  }

  #left(operation: Operation, what: string): void {
    if (!operation.hasLeft) this.#report(`${what} though its client had not left`);
    this.#abandoned.push(operation);
  }

  #decidedFor({ ticketId, outcome, decision }: Operation): { answer: Answer | null; decision: number } {
    if (ticketId === null) return { answer: outcome, decision };
    return this.#settled.get(ticketId) ?? { answer: null, decision };
  }

  /** A lease that is granted has a higher token than any acknowledged before it was requested. */
  #expectNewToken({ newestTokenBefore }: Operation, answer: Answer, what: string): void {
    if (answer.kind !== 'acquired' && answer.kind !== 'already_held' && answer.kind !== 'converted') return;
    const { fencingToken } = answer.lease;
    this.#newestToken = Math.max(this.#newestToken, fencingToken);
    if (answer.kind === 'acquired' && fencingToken <= newestTokenBefore)
      this.#report(`${what} with token ${fencingToken} after ${newestTokenBefore} had been acknowledged`);
  }
}
