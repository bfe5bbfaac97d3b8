import type { Command } from '../../../../src/core/model/command.js';
import type { Outcome } from '../../../../src/core/model/outcome.js';
import type { Instant } from '../../../../src/core/model/time.js';
import type { LoggedEvent } from '../../../../src/journal/logged-event.js';
import type { Batch } from '../../../../src/journal/batch.js';
import type { StateView } from '../../../../src/core/state/state-view.js';
import type { Counts } from '../figures.js';
import type { Profile } from '../profile.js';
import type { Answer, Operation } from '../request.js';
import type { SimDisk } from '../world/disk.js';
import type { World } from '../world/world.js';
import { DurableOrder } from './durable-order.js';
import { LiveOrder } from './live-order.js';
import { Memory } from './memory.js';
import { Queues } from './queues.js';
import type { Restart } from './span.js';
import { Told } from './told.js';

/**
 * The simulation's own book of what was decided, made durable and told, kept from what the design promises. It knows nothing
 * of how the server comes to its decisions.
 */
export class Ledger {
  readonly durable: DurableOrder;
  readonly #memory = new Memory();
  readonly #told: Told;
  readonly #world: World;
  readonly #counts: Counts;
  readonly #profile: Profile;
  readonly #report = (broken: string): void => this.#world.report(broken);
  #queues: Queues;
  #live: LiveOrder | null = null;
  #lastPublished = 0;
  /** Requests that were abandoned in this step. */
  readonly #abandoned: Operation[] = [];

  constructor(world: World, profile: Profile, counts: Counts) {
    this.#world = world;
    this.#profile = profile;
    this.#counts = counts;
    this.durable = new DurableOrder(this.#memory, this.#report);
    this.#told = new Told(this.#memory, this.durable, this.#report);
    this.#queues = new Queues(this.#report);
  }

  get newestTokenTold(): number {
    return this.#memory.newestTokenTold;
  }

  /** A process of the server has begun to serve. */
  started(view: StateView, instant: () => Instant, restart: Restart): void {
    const parts = {
      memory: this.#memory,
      view,
      instant,
      maxLocksPerUser: this.#profile.options.maxLocksPerUser,
      nowMs: () => this.#world.nowMs,
      report: this.#report,
    };
    this.#lastPublished = this.durable.lastSequence;
    this.#queues = new Queues(this.#report);
    this.#live = new LiveOrder(parts, restart);
  }

  /** It serves no more. */
  ended(): void {
    this.#live = null;
  }

  decided(command: Command, outcome: Outcome, operation: Operation | null, sequence: number): void {
    if (operation !== null) operation.decidedAtSequence = sequence;
    if (outcome.kind === 'released' && operation !== null && command.kind === 'release') {
      operation.endedToken = this.#live?.newestTokenOf(command.lockName) ?? 0;
    }
    if (command.kind === 'acquire' && operation !== null) {
      this.#queues.decided(operation, outcome.kind === 'queued', this.#world.nowMs);
      if (outcome.kind === 'queued') this.#counts.waits += 1;
    }
    this.#live?.decided(command, outcome);
  }

  /** An answer leaves the server. */
  answered(operation: Operation, answer: Answer): void {
    this.#world.note('answer', operation.id, answer.kind, detailOf(answer));
    this.#queues.answered(operation, answer);
    this.#told.tell(operation, answer);
    this.#count(operation, answer);
    if (answer.kind === 'abandoned') this.#abandoned.push(operation);
  }

  written(batch: Batch, disk: SimDisk): void {
    this.#counts.commits += 1;
    for (const { type } of batch.rows.events) if (type === 'expired') this.#counts.expiries += 1;
    this.durable.written(batch, disk);
  }

  /** The server tells those who follow events. */
  published(events: readonly LoggedEvent[]): void {
    for (const event of events) {
      if (event.sequence !== this.#lastPublished + 1) {
        this.#report(`event ${event.sequence} was published after ${this.#lastPublished}`);
      }
      this.#lastPublished = event.sequence;
      this.expectDurable(event);
    }
  }

  /** Somebody was told of an event. */
  expectDurable(event: LoggedEvent): void {
    const known = this.durable.history[event.sequence - 1];
    if (known?.type === event.type && known.body.fencingToken === event.body.fencingToken) return;
    this.#report(`somebody was told of event ${event.sequence}, which is not durable`);
  }

  afterStep(): void {
    this.#queues.check();
    this.#live?.inspect();
    for (const { request, leaseId } of this.#abandoned) {
      if (request.kind !== 'acquire' || request.leaseId !== null) continue;
      this.#live?.expectNotHeldFor(request.lockName, leaseId);
    }
    this.#abandoned.length = 0;
  }

  #count(operation: Operation, answer: Answer): void {
    const counts = this.#counts;
    if (answer.kind === 'acquired') counts.grants += 1;
    if (answer.kind === 'acquired' && operation.isQueued) counts.grantsAfterWait += 1;
    if (answer.kind === 'abandoned') counts.abandoned += 1;
    if (answer.kind === 'renewed') counts.renewals += 1;
    if (answer.kind === 'released') counts.releases += 1;
    if (answer.kind === 'refused') counts.refusals += 1;
  }
}

function detailOf(answer: Answer): string | number {
  if (answer.kind === 'refused') return answer.code;
  if ('lease' in answer && answer.lease !== null) return answer.lease.fencingToken;
  return 'session' in answer ? answer.session.sessionId : '';
}
