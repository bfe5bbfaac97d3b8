import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import type { EventRow } from '../journal/rows/event-row.js';
import { Journal } from '../journal/journal.js';
import { LockStore } from '../store/lock-store.js';
import { RowChanges } from '../journal/row-changes.js';
import { DeliveryWorkers } from './delivery-workers.js';
import { newDelivery, payloadOf } from './delivery.js';
import { FanOutSource } from './fan-out-source.js';
import { Pump } from './pump.js';
import { Turns } from './turns.js';
import { WebhookRegistry } from './webhook-registry.js';

/** The fan-out's name among the readers of the event log. */
export const READER = 'webhooks';

/** Deliveries after which a commit is made. Few, because everybody's locks are in the same commits and wait for them. */
const DELIVERIES_PER_COMMIT = 50;

/** How long webhooks are asked before what has come in meanwhile gets its turn. */
const TURN_MS = 1;

/** Webhooks that are asked between two looks at the clock. None takes longer than some microseconds. */
const QUESTIONS_PER_LOOK = 16;

/** Events without a delivery after which the cursor is written down on its own. */
const CURSOR_LAG_MAX = 10_000;

interface Planned {
  readonly webhookId: string;
  readonly event: EventRow;
}

/**
 * Follows the durable event log and queues a delivery for each webhook that wants an event.
 *
 * The cursor moves in the same commit as the deliveries, so each event is fanned out exactly once whatever crashes. Events
 * that nobody wants move it in memory only: to meet them again after a crash changes nothing, since a webhook takes no
 * events from before its creation. So an installation without webhooks writes nothing at all.
 */
@Injectable()
export class EventFanOut {
  readonly #source: FanOutSource;
  readonly #pump: Pump;
  readonly #turns: Turns;
  /** Events up to here need not be met again. */
  #cursor = 0;
  /** How far the cursor has been written down, or is just being: what it stands for goes to disk no later than it does. */
  #savedCursor = 0;
  #questions = 0;
  #isStarted = false;
  #isStopped = false;

  constructor(
    private readonly store: LockStore,
    private readonly journal: Journal,
    private readonly clock: Clock,
    private readonly registry: WebhookRegistry,
    private readonly workers: DeliveryWorkers,
  ) {
    this.#source = new FanOutSource((after, limit) => store.eventsAfter(after, limit));
    this.#turns = new Turns(clock, TURN_MS);
    this.#pump = new Pump(clock, 'webhook fan-out', () => this.#catchUp());
  }

  /** The last durable event. A webhook that is created now is told of those after it. */
  get lastSequence(): number {
    return this.#source.lastSequence;
  }

  /** Takes up where the last run ended. Nothing is fanned out before `start`, and nothing is lost until then. */
  async open(): Promise<void> {
    this.store.observe({ committed: ({ events }) => this.#onCommitted(events) });
    const cursors = await this.journal.load('cursors');
    this.#savedCursor = cursors.find(({ reader }) => reader === READER)?.sequence ?? 0;
    this.#source.knowAbout(await this.store.read(({ lastSequence }) => lastSequence));
    this.#moveTo(Math.max(this.#savedCursor, this.store.prunedThrough));
    this.#skipUnwanted();
    this.store.keepEventsFor(() => this.#cursor, READER);
  }

  /** Begins. Workers must know by now what was left of the last run: what is queued from here on comes after it. */
  start(): void {
    this.#isStarted = true;
    this.#pump.poke();
  }

  /** Writes down how far it has come, in the commit that brings the first webhook, for example. */
  saveCursor(rows: RowChanges): RowChanges {
    this.#savedCursor = Math.max(this.#cursor, this.#savedCursor);
    return rows.put('cursors', { reader: READER, sequence: this.#savedCursor });
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#pump.stop();
    if (this.registry.hasActive && this.#cursor > this.#savedCursor) {
      await this.store.write(this.saveCursor(new RowChanges())).catch(() => undefined);
    }
  }

  #onCommitted(events: readonly EventRow[]): void {
    const last = events.at(-1);
    if (last === undefined) return;
    this.#source.knowAbout(last.sequence);
    if (this.#skipUnwanted()) return;
    this.#source.push(events);
    if (this.#isStarted) this.#pump.poke();
  }

  /** Passes over everything while there is nobody to tell. */
  #skipUnwanted(): boolean {
    if (this.registry.hasActive) return false;
    this.#source.forget();
    this.#moveTo(this.#source.lastSequence);
    return true;
  }

  async #catchUp(): Promise<void> {
    this.#turns.begin();
    while (!this.#isStopped && this.#cursor < this.#source.lastSequence) {
      const { lastSequence } = this.#source;
      const events = await this.#source.after(this.#cursor);
      if (events.length === 0) this.#moveTo(lastSequence);
      else await this.#fanOut(events);
    }
  }

  async #fanOut(events: readonly EventRow[]): Promise<void> {
    const planned: Planned[] = [];
    let reached = this.#cursor;
    for (const event of events) {
      await this.#plan(event, planned);
      reached = event.sequence;
      if (planned.length >= DELIVERIES_PER_COMMIT) break;
    }
    await this.#commit(planned, reached);
  }

  async #plan(event: EventRow, planned: Planned[]): Promise<void> {
    for (const webhook of this.registry.active()) {
      this.#questions += 1;
      if (this.#questions % QUESTIONS_PER_LOOK === 0 && this.#turns.isOver) await this.#turns.yield();
      if (webhook.wants(event)) planned.push({ webhookId: webhook.id, event });
    }
  }

  async #commit(planned: readonly Planned[], reached: number): Promise<void> {
    const rows = new RowChanges();
    const createdAt = this.clock.wallMs();
    const payloads = new Map<EventRow, string>();
    // A webhook may have been deleted or suspended since it was asked. From here to the write nothing else can happen.
    const queued = planned.filter(({ webhookId, event }) => this.#isStillTold(webhookId, event));
    for (const { webhookId, event } of queued) {
      const payload = payloads.get(event) ?? payloadOf(event);
      payloads.set(event, payload);
      rows.put('deliveries', newDelivery(webhookId, event.sequence, payload, createdAt));
    }
    if (queued.length > 0 || reached - this.#savedCursor >= CURSOR_LAG_MAX) {
      this.#savedCursor = Math.max(reached, this.#savedCursor);
      rows.put('cursors', { reader: READER, sequence: this.#savedCursor });
      await this.store.write(rows);
    }
    this.#moveTo(reached);
    for (const { webhookId, event } of queued) this.workers.get(webhookId)?.enqueue(event.sequence);
  }

  #isStillTold(webhookId: string, event: EventRow): boolean {
    return this.registry.activeOne(webhookId)?.isToldOf(event) === true;
  }

  #moveTo(sequence: number): void {
    this.#cursor = Math.max(this.#cursor, sequence);
  }
}
