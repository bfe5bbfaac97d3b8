import { Inject, Injectable } from '@nestjs/common';
import { Access } from '../../access/access.js';
import { Accounts } from '../../auth/accounts.js';
import { Clock } from '../../clock/clock.js';
import { LockStore } from '../../store/lock-store.js';
import { RowChanges } from '../../journal/row-changes.js';
import type { LoggedEvent } from '../../journal/logged-event.js';
import { Journal } from '../../journal/journal.js';
import { BackgroundTask } from '../background-task.js';
import { newDelivery } from '../delivery/delivery.js';
import { EventPayloads } from '../delivery/event-payloads.js';
import { WebhookDispatchers } from '../delivery/webhook-dispatchers.js';
import type { Webhook } from '../subscriptions/webhook.js';
import { WebhookRegistry } from '../subscriptions/webhook-registry.js';
import { FanOutSource } from './fan-out-source.js';
import { TimeSlices } from './time-slices.js';

/** The name under which the fan-out's cursor is stored. */
export const READER = 'webhooks';

/** Deliveries per commit. Few, because the same commits hold the changes of locks, and their clients wait. */
const DELIVERIES_PER_COMMIT = 50;

/** How long to match webhooks before other work may run, in milliseconds. */
const SLICE_MS = 1;

/** Events without a delivery after which the cursor is saved on its own. */
const CURSOR_LAG_MAX = 10_000;

interface Planned {
  readonly webhookId: string;
  readonly event: LoggedEvent;
}

/**
 * Turns events into deliveries. It reads the event log and queues a delivery for each webhook that an event matches.
 *
 * The cursor is saved in the same commit as the deliveries, so each event is fanned out exactly once, even after a crash.
 * Events that match no webhook move the cursor only in memory. Reading them again after a crash changes nothing, because a
 * webhook gets no events from before its creation. So an installation without webhooks writes nothing at all.
 */
@Injectable()
export class EventFanOut {
  readonly #source: FanOutSource;
  readonly #work: BackgroundTask;
  readonly #slices: TimeSlices;
  /** The sequence up to which all events are fanned out. */
  #cursor = 0;
  /** The cursor that is saved, or is being saved. The deliveries up to it become durable no later. */
  #savedCursor = 0;
  #isStarted = false;

  constructor(
    private readonly store: LockStore,
    private readonly journal: Journal,
    private readonly clock: Clock,
    private readonly registry: WebhookRegistry,
    private readonly dispatchers: WebhookDispatchers,
    private readonly access: Access,
    @Inject(Accounts) private readonly accounts: Pick<Accounts, 'loginOf'>,
  ) {
    this.#source = new FanOutSource((after, limit) => store.log.after(after, limit));
    this.#slices = new TimeSlices(clock, SLICE_MS);
    this.#work = new BackgroundTask(clock, 'webhook fan-out', () => this.#catchUp());
  }

  /** The sequence of the last durable event. A webhook that is created now gets the events after it. */
  get lastSequence(): number {
    return this.#source.lastSequence;
  }

  /** Finds where the last run ended. Nothing is fanned out before `start`, but no event is lost until then. */
  async open(): Promise<void> {
    this.store.observe({ committed: ({ events }) => this.#onCommitted(events) });
    const cursors = await this.journal.load('cursors');
    this.#savedCursor = cursors.find(({ reader }) => reader === READER)?.sequence ?? 0;
    const { lastSequence } = this.store.counts;
    await this.store.settled();
    this.#source.knowAbout(lastSequence);
    this.#moveTo(Math.max(this.#savedCursor, this.store.log.prunedThrough));
    this.#skipUnwanted();
    this.store.log.keepFor(() => this.#cursor, READER);
  }

  /** Begins. The dispatchers must have loaded the deliveries of the last run, because new ones are queued after them. */
  start(): void {
    this.#isStarted = true;
    this.#work.wake();
  }

  /** Adds the cursor to rows that are about to be written, such as those of the first webhook. */
  saveCursor(rows: RowChanges): RowChanges {
    this.#savedCursor = Math.max(this.#cursor, this.#savedCursor);
    return rows.put('cursors', { reader: READER, sequence: this.#savedCursor });
  }

  async stop(): Promise<void> {
    await this.#work.stop();
    if (this.registry.hasActive && this.#cursor > this.#savedCursor) {
      await this.store.write(this.saveCursor(new RowChanges())).catch(() => undefined);
    }
  }

  #onCommitted(events: readonly LoggedEvent[]): void {
    const last = events.at(-1);
    if (last === undefined) return;
    this.#source.knowAbout(last.sequence);
    if (this.#skipUnwanted()) return;
    this.#source.push(events);
    if (this.#isStarted) this.#work.wake();
  }

  /** Skips all events if no webhook is active. Returns whether it did. */
  #skipUnwanted(): boolean {
    if (this.registry.hasActive) return false;
    this.#source.forget();
    this.#moveTo(this.#source.lastSequence);
    return true;
  }

  async #catchUp(): Promise<void> {
    this.#slices.begin();
    while (!this.#work.isStopped && this.#cursor < this.#source.lastSequence) {
      const { lastSequence } = this.#source;
      const events = await this.#source.after(this.#cursor);
      if (events.length === 0) this.#moveTo(lastSequence);
      else await this.#fanOut(events);
    }
  }

  async #fanOut(events: readonly LoggedEvent[]): Promise<void> {
    const planned: Planned[] = [];
    let reached = this.#cursor;
    for (const event of events) {
      await this.#plan(event, planned);
      reached = event.sequence;
      if (planned.length >= DELIVERIES_PER_COMMIT) break;
    }
    await this.#commit(planned, reached);
  }

  async #plan(event: LoggedEvent, planned: Planned[]): Promise<void> {
    for (const webhook of this.registry.active()) {
      if (this.#slices.step()) await this.#slices.yield();
      if (webhook.wants(event, this.access)) planned.push({ webhookId: webhook.id, event });
    }
  }

  async #commit(planned: readonly Planned[], reached: number): Promise<void> {
    const rows = new RowChanges();
    const createdAt = this.clock.wallMs();
    const payloads = new EventPayloads((userId) => this.accounts.loginOf(userId), this.access);
    // Since it was matched, a webhook may have been deleted or suspended, and the policy may have changed. From here to the write, no other code runs.
    const queued = planned.flatMap(({ webhookId, event }) => this.#stillGets(webhookId, event));
    for (const { webhook, event } of queued) {
      const payload = payloads.of(event, webhook.typeOf(event) ?? event.type, webhook);
      rows.put('deliveries', newDelivery(webhook.id, event.sequence, payload, createdAt));
    }
    if (queued.length > 0 || reached - this.#savedCursor >= CURSOR_LAG_MAX) {
      this.#savedCursor = Math.max(reached, this.#savedCursor);
      rows.put('cursors', { reader: READER, sequence: this.#savedCursor });
      await this.store.write(rows);
    }
    this.#moveTo(reached);
    for (const { webhook, event } of queued) this.dispatchers.get(webhook.id)?.enqueue(event.sequence);
  }

  /** The webhook, if it is still active and gets the event. */
  #stillGets(webhookId: string, event: LoggedEvent): { webhook: Webhook; event: LoggedEvent }[] {
    const webhook = this.registry.activeOne(webhookId);
    return webhook?.wants(event, this.access) === true ? [{ webhook, event }] : [];
  }

  #moveTo(sequence: number): void {
    this.#cursor = Math.max(this.#cursor, sequence);
  }
}
