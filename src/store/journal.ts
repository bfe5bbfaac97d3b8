import type { DeliveryEntity } from './entities/delivery.entity.js';
import type { EventEntity } from './entities/event.entity.js';
import type { ServerEntity } from './entities/server.entity.js';
import type { EventPage, EventQuery } from './event-query.js';
import type { RowChanges } from './row-changes.js';
import type { TableName, Tables } from './tables.js';

/** How far the writer has come: written with every batch. */
export type Watermarks = Omit<ServerEntity, 'id' | 'epoch' | 'restoredAt'>;

/**
 * Events that one commit deletes at most, so that none is slow because of it: it takes the oldest up to `prunedThrough`, and
 * the next commits take the rest. Rows are counted and not numbers, which a restore makes jump very far.
 */
export const PRUNE_BITE = 2_000;

/** What becomes durable together. */
export interface Batch {
  /** The writer's process start. A batch of a deposed writer never commits. */
  readonly epoch: number;
  readonly watermarks: Watermarks;
  readonly rows: RowChanges;
}

/** A page of a webhook's deliveries, newest first. */
export interface DeliveryQuery {
  readonly webhookId: string;
  readonly limit: number;
  /** Only deliveries of events before this sequence. */
  readonly before: number | null;
}

/**
 * What makes state durable. An engine implements these few verbs and keeps everything else about itself to itself.
 * A rejected `commit` says nothing about what was written: the caller must stop, and reload at its next start.
 */
export abstract class Journal {
  /** Takes the database for this process, brings its schema up to date and begins a new epoch. */
  abstract open(): Promise<ServerEntity>;
  /** Every row of a table, some thousands at a time. */
  abstract pages<T extends TableName>(table: T): AsyncGenerator<Tables[T][]>;
  /** Makes one batch durable: all of it or nothing. At most one call at a time. */
  abstract commit(batch: Batch): Promise<void>;
  /** The logged events after a sequence, in order. */
  abstract eventsAfter(sequence: number, limit: number): Promise<EventEntity[]>;
  /** The logged events that a query selects. What it costs is bounded by the query, however long the log is. */
  abstract findEvents(query: EventQuery): Promise<EventPage>;
  abstract deliveries(query: DeliveryQuery): Promise<DeliveryEntity[]>;
  abstract delivery(deliveryId: string): Promise<DeliveryEntity | null>;
  abstract close(): Promise<void>;

  /** Every row of a table that is small. */
  async load<T extends TableName>(table: T): Promise<Tables[T][]> {
    const all: Tables[T][] = [];
    for await (const rows of this.pages(table)) all.push(...rows);
    return all;
  }
}
