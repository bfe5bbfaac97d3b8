import type { Fields } from './fields.js';

/** A lock that requests wait for. */
export interface QueueSummary {
  readonly name: string;
  /** How many requests are waiting. */
  readonly waiters: number;
  /** When the request that has waited longest joined the line, by the server's clock. */
  readonly waitingSince: Date;
  /** Who holds the lock, and for how long, in words. */
  readonly summary: string;
}

export interface QueueList {
  /** The longest lines first. */
  readonly queues: readonly QueueSummary[];
  /** How many locks there are that requests wait for. */
  readonly total: number;
}

export interface QueueListOptions {
  /** Only locks whose names begin with this text. */
  readonly prefix?: string | undefined;
  /** The maximum number of lines, 1 to 100. 20 by default. */
  readonly limit?: number | undefined;
}

export function queueListPath({ prefix, limit }: QueueListOptions): string {
  const query = new URLSearchParams();
  if (prefix !== undefined) query.set('prefix', prefix);
  if (limit !== undefined) query.set('limit', String(limit));
  return query.size === 0 ? '/queues' : `/queues?${query}`;
}

export function readQueueList(fields: Fields): QueueList {
  return { queues: fields.objects('queues').map(readSummary), total: fields.number('total') };
}

function readSummary(fields: Fields): QueueSummary {
  return {
    name: fields.text('name'),
    waiters: fields.number('waiters'),
    waitingSince: fields.date('waiting_since'),
    summary: fields.text('summary'),
  };
}
