import { isDeepStrictEqual } from 'node:util';
import type { Command } from '../../../src/core/model/command.js';
import type { ReportedEvent } from '../../../src/core/model/event.js';
import type { Quotas } from '../../../src/core/model/quotas.js';
import type { DurableState } from '../../../src/core/recovery.js';
import type { Step } from '../../../src/core/step.js';
import { DurableRows } from './durable-rows.js';
import { explain } from './explain.js';
import { LawModel } from './law-model.js';
import type { Effects, ModelEvent } from './model-state.js';

/** What a step should have done, and what it did. */
export interface Mismatch {
  readonly seen: Effects;
  readonly expected: Effects;
}

/** Follows a law step by step and compares each step with the model: its outcome, events, answers and changes. */
export class LawCheck {
  #model: LawModel;
  #rows: DurableRows;

  constructor(durable: DurableState, options: Quotas) {
    this.#model = LawModel.of(durable, options);
    this.#rows = DurableRows.of(this.#model);
  }

  /** The model after the last step. */
  get model(): LawModel {
    return this.#model;
  }

  /** What the changes of all steps have written. */
  get rows(): DurableRows {
    return this.#rows;
  }

  /**
   * Returns what is wrong with the step; null if the law permits it.
   *
   * @param isSeen whether all else that can be seen after the step agrees with the model.
   */
  follow(
    command: Command,
    step: Step,
    now: number,
    isSeen: (after: LawModel) => boolean = () => true,
  ): Mismatch | null {
    for (const change of step.changes) this.#rows.write(change);
    const seen = effectsOf(step);
    const isRight = (after: LawModel): boolean => this.#isWritten(after) && isSeen(after);
    const explanation = explain(this.#model, command, now, seen, isRight);
    if (explanation.kind === 'forbidden') return { seen, expected: explanation.expected };
    this.#model = explanation.model;
    return null;
  }

  restart(now: number, graceSeconds: number): void {
    this.#model.restart(now, graceSeconds);
    this.#rows = DurableRows.of(this.#model);
  }

  /** Whether the rows hold exactly what the model has. */
  #isWritten({ leases, sessions, coolings, brokenLeases, fences }: LawModel): boolean {
    const rows = this.#rows;
    return (
      rows.coolings.size === coolings.length &&
      rows.brokenLeases.size === brokenLeases.length &&
      coolings.every((cooling) => isDeepStrictEqual(rows.coolings.get(cooling.lockName), cooling)) &&
      brokenLeases.every((broken) => isDeepStrictEqual(rows.brokenLeases.get(broken.fencingToken), broken)) &&
      rows.leases.size === leases.length &&
      rows.sessions.size === sessions.length &&
      rows.fences.size === fences.length &&
      fences.every((fence) => isDeepStrictEqual(rows.fences.get(fence.name), fence)) &&
      leases.every(({ fencingToken, deadline, terms }) => {
        const row = rows.leases.get(fencingToken);
        return row?.deadline === deadline && isDeepStrictEqual(row.terms, terms);
      }) &&
      sessions.every(({ sessionId, state, deadline }) => {
        const row = rows.sessions.get(sessionId);
        return row?.state === state && row.deadline === deadline;
      })
    );
  }
}

function effectsOf({ outcome, events, settlements }: Step): Effects {
  return {
    outcome,
    events: events.map(eventOf),
    answers: new Map(settlements.map(({ ticketId, ...answer }) => [ticketId, answer])),
  };
}

function eventOf(event: ReportedEvent): ModelEvent {
  const { type, actor, subject, body } = event;
  const { fencingToken, hold, leaseLocks } = body;
  return { type, actor, lockName: subject.lockName, fencingToken, hold, leaseLocks, text: textOf(event) };
}

function textOf({ type, body }: ReportedEvent): string | null {
  if (type === 'broken') return body.reason;
  if (type === 'warning') return JSON.stringify(body.warning);
  return type === 'release_requested' ? body.message : null;
}
