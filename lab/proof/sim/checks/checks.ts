import type { Command } from '../../../../src/core/model/command.js';
import type { Step } from '../../../../src/core/step.js';
import type { Batch } from '../../../../src/journal/batch.js';
import type { LoggedEvent } from '../../../../src/journal/logged-event.js';
import type { Counts } from '../figures.js';
import type { Answer, FenceStatus, Operation, Status } from '../request.js';
import type { Machine } from '../world/machine.js';
import type { World } from '../../../kit/world/world.js';
import { AnswerCheck } from './answer-check.js';
import { DurableCheck } from './durable-check.js';
import { FenceCheck } from './fence-check.js';
import { LawFollower, type Served } from './law-follower.js';
import { TimelineCheck, type Origin } from './timeline-check.js';

interface Parts {
  readonly world: World;
  readonly machine: Machine;
  readonly counts: Counts;
}

/** Checks everything that the server decides, writes, answers and publishes, and reports what breaks a promise. */
export class Checks {
  readonly durable: DurableCheck;
  readonly #world: World;
  readonly #counts: Counts;
  readonly #timeline: TimelineCheck;
  readonly #answers: AnswerCheck;
  readonly #fences: FenceCheck;
  readonly #report: (broken: string) => void;
  #origin: Origin = { isReboot: false, unseenMs: 0 };
  /** Of the process that serves. */
  #law: LawFollower | null = null;
  #lastPublished = 0;

  constructor({ world, machine, counts }: Parts) {
    this.#world = world;
    this.#counts = counts;
    this.#report = (broken) => world.report(broken);
    this.durable = new DurableCheck(this.#report);
    this.#timeline = new TimelineCheck(machine, this.#report);
    this.#fences = new FenceCheck(this.#report);
    this.#answers = new AnswerCheck(this.durable, this.#timeline, this.#report);
  }

  get newestAcknowledgedToken(): number {
    return this.#answers.newestToken;
  }

  /** A process starts. It may write, but decides nothing yet. */
  starting(origin: Origin): void {
    this.#origin = origin;
  }

  /** It has begun to serve. */
  started(served: Served): void {
    this.#lastPublished = this.durable.lastSequence;
    this.#law = new LawFollower(served, this.#report);
    this.#law.expectSameView();
  }

  /** It no longer serves. */
  ended(): void {
    this.#law = null;
    this.#answers.ended();
    this.durable.died();
  }

  /** @param operation the request that is being decided; null for a command of the server itself. */
  decided(command: Command, step: Step, operation: Operation | null): void {
    this.durable.decided(step);
    this.#law?.decided(command, step);
    this.#answers.decided(step, this.durable.decisions);
    this.#countDecided(step);
    if (operation === null) return;
    operation.decision = this.durable.decisions;
    operation.outcome = step.outcome;
    if (step.outcome.kind !== 'queued' || command.kind !== 'acquire') return;
    operation.ticketId = command.wait?.ticketId ?? null;
    this.#counts.waits += 1;
  }

  /** A request arrives at the server. */
  arrived(operation: Operation): void {
    this.#fences.arrived(operation);
  }

  /** A request reads a lock or a fence. */
  reads(operation: Operation, status: Status | FenceStatus): void {
    operation.decision = this.durable.decisions;
    operation.outcome = status;
    if (operation.request.kind === 'status' && status.kind === 'status')
      this.#law?.read(operation.request.lockName, operation, status);
  }

  /** An answer leaves the server. */
  answered(operation: Operation, answer: Answer): void {
    this.#world.note('answer', operation.id, answer.kind, detailOf(answer));
    this.#answers.answered(operation, answer);
    this.#fences.answered(operation, answer);
    this.#count(operation, answer);
  }

  commitBegun(batch: Batch): void {
    this.durable.begun(batch);
  }

  written(batch: Batch): void {
    this.#counts.commits += 1;
    this.#countWritten(batch);
    this.durable.written(batch, this.#law !== null);
    this.#timeline.written(batch.watermarks, this.#origin);
    this.#origin = { isReboot: false, unseenMs: 0 };
  }

  /** The server publishes events to its readers. */
  published(events: readonly LoggedEvent[]): void {
    for (const event of events) {
      if (event.sequence !== this.#lastPublished + 1) {
        this.#report(`event ${event.sequence} was published after ${this.#lastPublished}`);
      }
      this.#lastPublished = event.sequence;
      this.expectDurable(event);
    }
  }

  /** An event has reached a reader. */
  expectDurable(event: LoggedEvent): void {
    const known = this.durable.events[event.sequence - 1];
    if (known?.type === event.type && known.body.fencingToken === event.body.fencingToken) return;
    this.#report(`event ${event.sequence} reached a reader, and is not durable`);
  }

  afterStep(): void {
    this.#law?.expectSameView();
    for (const { request, leaseId } of this.#answers.takeAbandoned()) {
      // A client that chose the id may have requested it again.
      if (request.kind === 'acquire' && request.leaseId === null) this.#law?.expectNotHeld(leaseId);
    }
  }

  #countDecided({ changes }: Step): void {
    for (const change of changes) {
      if (change.kind !== 'lease_converted') continue;
      this.#counts.conversions += 1;
      if (change.from.fencingToken !== change.to.fencingToken) this.#counts.upgrades += 1;
    }
  }

  #countWritten({ rows }: Batch): void {
    const counts = this.#counts;
    counts.coolings += rows.of('coolings').put.length;
    counts.brokenLeases += rows.of('broken_leases').put.length;
    for (const { type } of rows.events) {
      if (type === 'expired') counts.expiries += 1;
      if (type === 'release_requested') counts.releaseRequests += 1;
    }
  }

  #count(operation: Operation, answer: Answer): void {
    const counts = this.#counts;
    if (answer.kind === 'acquired') counts.grants += 1;
    if (answer.kind === 'acquired' && operation.isQueued) counts.grantsAfterWait += 1;
    if (answer.kind === 'abandoned') counts.abandoned += 1;
    if (answer.kind === 'renewed') counts.renewals += 1;
    if (answer.kind === 'released') counts.releases += 1;
    if (answer.kind === 'token_passed') counts.fenceAdvances += 1;
    if (answer.kind === 'stale_fencing_token') counts.staleTokens += 1;
    if (answer.kind === 'refused') counts.refusals += 1;
  }
}

function detailOf(answer: Answer): string | number {
  if (answer.kind === 'refused') return answer.code;
  if ('lease' in answer && answer.lease !== null) return answer.lease.fencingToken;
  return 'session' in answer ? answer.session.sessionId : '';
}
