import { LOCK_EVENT_TYPES, type LockEventType } from '../core/model/event.js';
import type { LoggedEvent } from '../journal/logged-event.js';

/** Stands for the usual types of events. */
export const USUAL_EVENTS = '*';

/** The types that every client knows. A client gets others only if it names them, because it may be older than they are. */
export const USUAL_EVENT_TYPES = [
  'acquired',
  'released',
  'renewed',
  'expired',
] as const satisfies readonly LockEventType[];

/** What a client can name to say which events it wants. */
export const EVENT_FILTERS = [...LOCK_EVENT_TYPES, USUAL_EVENTS] as const;

export type EventFilter = (typeof EVENT_FILTERS)[number];

export type EventTypes = ReadonlySet<LockEventType>;

export function isEventFilter(value: unknown): value is EventFilter {
  return (EVENT_FILTERS as readonly unknown[]).includes(value);
}

/** The types that the filters name. */
export function typesOf(filters: readonly EventFilter[]): EventTypes {
  return new Set(
    filters.flatMap((filter): readonly LockEventType[] =>
      filter === USUAL_EVENTS ? USUAL_EVENT_TYPES : [filter],
    ),
  );
}

/**
 * The type under which a client that wants these types gets an event. Null if it does not get the event. A client that does not
 * know `broken` must still learn that the lease has ended, so it gets `expired`.
 */
export function typeFor({ type }: Pick<LoggedEvent, 'type'>, types: EventTypes): LockEventType | null {
  if (types.has(type)) return type;
  return type === 'broken' && types.has('expired') ? 'expired' : null;
}

const FILTER = `(${LOCK_EVENT_TYPES.join('|')}|[*])`;

/** Filters in a query string: a list with commas. */
export const EVENT_LIST = {
  pattern: `^${FILTER}(,${FILTER})*$`,
  maxBytes: 256,
  rule: `must list ${EVENT_FILTERS.map((filter) => `"${filter}"`).join(', ')}, with commas in between`,
} as const;
