import type { ReportedEvent } from '../../core/model/event.js';
import type { EventPage, EventQuery } from '../../journal/event-query.js';
import type { Journal } from '../../journal/journal.js';
import type { LoggedEvent } from '../../journal/logged-event.js';
import type { RowChanges } from '../../journal/row-changes.js';
import type { ServerRow } from '../../journal/rows/server-row.js';
import type { Timeline } from '../timeline.js';
import { EventLogBounds, type EventReader } from './event-log-bounds.js';
import { toLogged } from './to-logged.js';

/** The event log. Events are added in the same commit as the changes they report. Streams and webhooks read them here. */
export class EventLog {
  readonly #journal: Journal;
  readonly #timeline: Timeline;
  readonly #bounds: EventLogBounds;
  /** The sequence at which the last restore continued the log. */
  readonly restoredAt: number;

  private constructor(journal: Journal, timeline: Timeline, bounds: EventLogBounds, restoredAt: number) {
    this.#journal = journal;
    this.#timeline = timeline;
    this.#bounds = bounds;
    this.restoredAt = restoredAt;
  }

  /** @param retention how many events the log keeps, unless a reader needs more. */
  static async open(
    journal: Journal,
    { prunedThrough, restoredAt }: ServerRow,
    timeline: Timeline,
    retention: number,
  ): Promise<EventLog> {
    const rows = await journal.load('cursors');
    const cursors = rows.map(({ reader, sequence }) => [reader, sequence] as const);
    return new EventLog(journal, timeline, new EventLogBounds(retention, prunedThrough, cursors), restoredAt);
  }

  /** Adds events to rows that are about to be written. */
  append(events: readonly ReportedEvent[], rows: RowChanges): void {
    for (const event of events) rows.append(toLogged(event, this.#timeline));
  }

  /** A client that has seen the events up to here can resume without missing any. */
  get resumableFrom(): number {
    return Math.max(this.prunedThrough, this.restoredAt);
  }

  /** The last sequence that has been pruned. */
  get prunedThrough(): number {
    return this.#bounds.prunedThrough;
  }

  /** Decides how many of the oldest events to delete. Returns the last sequence to delete. */
  prune(lastSequence: number): number {
    return this.#bounds.advance(lastSequence);
  }

  /**
   * Keeps the events that a reader has not seen yet.
   *
   * @param name the name under which the reader stores its cursor. Everything after a stored cursor is kept until its reader
   *   calls this.
   */
  keepFor(reader: EventReader, name?: string): void {
    this.#bounds.keepFor(reader, name);
  }

  /** The durable events after a sequence, in order, at most `limit`. */
  after(sequence: number, limit: number): Promise<LoggedEvent[]> {
    return this.#journal.page('events', 'key', { after: sequence, limit });
  }

  /** The durable events that a query selects. */
  find(query: EventQuery): Promise<EventPage> {
    return this.#journal.findEvents(query);
  }
}
