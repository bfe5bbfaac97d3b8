import type { Command } from '../../../../src/core/model/command.js';
import type { Step } from '../../../../src/core/step.js';
import type { Batch } from '../../../../src/journal/batch.js';
import type { LoggedEvent } from '../../../../src/journal/logged-event.js';
import { AnswerCheck } from '../../sim/checks/answer-check.js';
import { contentsAfter, contentsOf } from '../../sim/checks/batch-contents.js';
import { LawFollower, type Served } from '../../sim/checks/law-follower.js';
import type { Answer, FenceStatus, Operation, Status } from '../../sim/request.js';
import type { World } from '../../../kit/world/world.js';
import type { DatedStep } from './lease-life-check.js';
import type { History } from './history.js';

interface Decision {
  readonly number: number;
  readonly step: Step;
  /** In which it is written. Null until its commit begins. */
  batch: Batch | null;
}

interface Parts {
  readonly world: World;
  readonly history: History;
  readonly reign: string;
  /** Null if the term was over before it served. */
  readonly served: Served | null;
  /** The time until which the line of the term was durable. */
  readonly lastInstant: () => number;
  /** Learns what a batch contains. */
  readonly begun: (batch: Batch, steps: readonly DatedStep[]) => void;
}

/** Checks what one process decides, commits and answers in one term. */
export class TermCheck {
  readonly #parts: Parts;
  readonly #law: LawFollower | null;
  readonly #answers: AnswerCheck;
  readonly #report: (broken: string) => void;
  #pending: Decision[] = [];
  /** When each decision was made, in true time. */
  readonly #madeAtMs: number[] = [];
  #lastPublished: number;

  constructor(parts: Parts) {
    const { world, served } = parts;
    this.#parts = parts;
    this.#report = (broken) => world.report(broken);
    this.#law = served === null ? null : new LawFollower(served, this.#report);
    this.#lastPublished = served?.found.lastSequence ?? 0;
    const time = {
      get lastInstant(): number {
        return parts.lastInstant();
      },
    };
    this.#answers = new AnswerCheck(this, time, this.#report);
  }

  get newestToken(): number {
    return this.#answers.newestToken;
  }

  get #decisions(): number {
    return this.#madeAtMs.length;
  }

  decided(command: Command, step: Step, operation: Operation | null): void {
    this.#note(step);
    this.#law?.decided(command, step);
    this.#answers.decided(step, this.#decisions);
    if (operation === null) return;
    operation.decision = this.#decisions;
    operation.outcome = step.outcome;
    if (step.outcome.kind !== 'queued' || command.kind !== 'acquire') return;
    operation.ticketId = command.wait?.ticketId ?? null;
  }

  /** A read counts as a decision that changes nothing. */
  reads(operation: Operation, status: Status | FenceStatus): void {
    this.#madeAtMs.push(this.#parts.world.nowMs);
    operation.decision = this.#decisions;
    operation.outcome = status;
    if (operation.request.kind === 'status' && status.kind === 'status')
      this.#law?.read(operation.request.lockName, operation, status);
  }

  /** The store hands over a batch. It must hold exactly what was decided since the one before. */
  begun(batch: Batch): void {
    const added = this.#pending.filter((decision) => decision.batch === null);
    for (const decision of added) decision.batch = batch;
    const steps = added.map(({ step }) => step);
    this.#parts.begun(
      batch,
      added.map(({ step, number }) => ({ step, atMs: this.#madeAtMs[number - 1] ?? 0 })),
    );
    if (contentsOf(batch) !== contentsAfter(steps))
      this.#report(`${contentsOf(batch)} is committed, not ${contentsAfter(steps)}`);
  }

  answered(operation: Operation, answer: Answer): void {
    this.#answers.answered(operation, answer);
    for (const { request, leaseId } of this.#answers.takeAbandoned())
      if (request.kind === 'acquire' && request.leaseId === null) this.#law?.expectNotHeld(leaseId);
  }

  /** The process tells its readers of events. */
  published(events: readonly LoggedEvent[]): void {
    for (const { sequence } of events) {
      if (sequence !== this.#lastPublished + 1)
        this.#report(`event ${sequence} was published after ${this.#lastPublished}`);
      this.#lastPublished = sequence;
    }
  }

  /** Readers of this process see what the law says. */
  expectSameView(): void {
    this.#law?.expectSameView();
  }

  /** Whether the decision, and all before it, are kept, and were made while the process led. */
  isDurable(decision: number): boolean {
    const { history, reign } = this.#parts;
    const madeAtMs = this.#madeAtMs[decision - 1] ?? 0;
    if (madeAtMs > history.overSinceMs(reign))
      this.#report('an answer rests on a lead that was lost before the request was decided');
    this.#pending = this.#pending.filter(({ batch }) => batch === null || !history.isKept(batch));
    const [first] = this.#pending;
    return first === undefined || first.number > decision;
  }

  #note(step: Step): void {
    this.#madeAtMs.push(this.#parts.world.nowMs);
    if (step.changes.length + step.events.length === 0) return;
    this.#pending.push({ number: this.#decisions, step, batch: null });
  }
}
