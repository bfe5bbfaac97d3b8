import type { Command } from '../../core/model/command.js';
import type { Quotas } from '../../core/model/quotas.js';
import type { OutcomeOf, Settlement } from '../../core/model/outcome.js';
import type { State } from '../../core/state/state.js';
import { step, type Step } from '../../core/step.js';
import { writeChange } from '../commit/codec.js';
import type { GroupCommit } from '../commit/group-commit.js';
import type { RowChanges } from '../../journal/row-changes.js';
import type { EventLog } from '../log/event-log.js';
import type { Observers } from '../observers.js';
import type { StoreOptions } from '../store-options.js';
import type { Timeline } from '../timeline.js';
import { unavailable } from '../unavailable.js';
import type { UndeliveredGrants } from '../wait/undelivered-grants.js';
import type { WaitingClients } from '../wait/waiting-clients.js';

interface Parts {
  readonly state: State;
  readonly timeline: Timeline;
  readonly options: Pick<StoreOptions, keyof Quotas | 'tracing'>;
  readonly commits: GroupCommit;
  readonly log: EventLog;
  readonly waiting: WaitingClients;
  readonly undelivered: UndeliveredGrants;
  readonly observers: Observers;
  /** Called when a step has left something for the next one to finish. */
  readonly onUnfinished: () => void;
  /** Stops the store for good. */
  readonly stop: (error: unknown) => void;
}

/** What the core decided, and when it is durable. */
export interface Decision<C extends Command> {
  readonly outcome: OutcomeOf<C>;
  readonly durable: Promise<void>;
}

/** Adds what the audit records of a command to the rows that it changes. */
export type RecordOf<C extends Command> = (outcome: OutcomeOf<C>, rows: RowChanges) => void;

/** Decides each command at once, in the order they arrive, and adds its changes to the next commit. */
export class Decider {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  decide<C extends Command>(command: C, record?: RecordOf<C>): Decision<C> {
    const { state, undelivered, observers, onUnfinished, options } = this.#parts;
    const { tracing } = options;
    const result =
      tracing === undefined ? this.#step(command) : tracing.decide(command.kind, () => this.#step(command));
    observers.decided(command, result);
    const durable = this.#record(result, record);
    if (result.settlements.length > 0) this.#settle(result.settlements, durable);
    undelivered.seen(result.outcome);
    if (state.hasUnfinished) onUnfinished();
    return { outcome: result.outcome, durable };
  }

  #step<C extends Command>(command: C): Step<C> {
    const { state, timeline, options, stop } = this.#parts;
    try {
      return step(state, command, timeline.now(), options);
    } catch (error) {
      // A failed step may have changed half of the state. Only what a restart loads from disk can be trusted.
      stop(error);
      throw unavailable(error);
    }
  }

  #record<C extends Command>({ changes, events, outcome }: Step<C>, record?: RecordOf<C>): Promise<void> {
    const { commits, log } = this.#parts;
    if (changes.length === 0 && events.length === 0) return commits.settled();
    const { rows } = commits;
    for (const change of changes) writeChange(change, rows);
    log.append(events, rows);
    record?.(outcome, rows);
    return commits.added();
  }

  #settle(settlements: readonly Settlement[], durable: Promise<void>): void {
    const { waiting, undelivered } = this.#parts;
    undelivered.sent(settlements);
    durable.then(
      () => waiting.answerAll(settlements),
      (error: unknown) => waiting.failThese(settlements, error),
    );
  }
}
