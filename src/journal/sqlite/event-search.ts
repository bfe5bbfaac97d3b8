import type { DataSource } from 'typeorm';
import type { EventRow } from '../rows/event-row.js';
import type { EventPage, EventQuery, Selector } from '../event-query.js';
import { eventFromRow } from '../rows/event-columns.js';
import { EventEntity } from './entities/event.entity.js';

/** A found event, or nothing but how far the search went. */
export type FoundRow = EventRow & { readonly searchedThrough: number | null };

/** Greater than every character that a lock's name may have. */
const AFTER_ALL_NAMES = '\u{10ffff}';

/**
 * One statement that returns the selected events as plain rows, each with the sequence at which the search ended. If it found
 * none it returns one row without an event.
 */
export function selectEvents(
  dataSource: DataSource,
  { selector, after, through, scanMax, limit }: EventQuery,
): { sql: string; parameters: (string | number)[] } {
  const { columns } = dataSource.getMetadata(EventEntity);
  const named = columns.map(({ databaseName, propertyName }) => `e."${databaseName}" as "${propertyName}"`);
  const { condition, names } = conditionOf(selector);
  const sql = `
    select bound.sequence as "searchedThrough", ${named.join(', ')}
    from (select (
      select sequence from events where sequence > ? and sequence <= ? order by sequence limit 1 offset ?
    ) as sequence) as bound
    left join events as e
      on e.sequence > ? and e.sequence <= coalesce(bound.sequence, ?) and ${condition}
    order by e.sequence limit ?`;
  return { sql, parameters: [after, through, scanMax - 1, after, through, ...names, limit] };
}

export function toEventPage(rows: readonly FoundRow[], { through, limit }: EventQuery): EventPage {
  const searchedThrough = rows[0]?.searchedThrough ?? through;
  const events = rows.filter(({ sequence }) => sequence !== null).map(eventFromRow);
  const last = events.at(-1);
  return { events, through: last !== undefined && events.length >= limit ? last.sequence : searchedThrough };
}

/** Names and prefixes are compared byte by byte, so a range of names is those that begin with a prefix. */
function conditionOf(selector: Selector): { condition: string; names: string[] } {
  if (selector.kind === 'lock') return { condition: 'e.lock_name = ?', names: [selector.lockName] };
  const { prefix } = selector;
  if (prefix === '') return { condition: 'true', names: [] };
  return { condition: 'e.lock_name >= ? and e.lock_name < ?', names: [prefix, prefix + AFTER_ALL_NAMES] };
}
