import type { DataSource } from 'typeorm';
import type { EventRow } from '../rows/event-row.js';
import type { EventPage, EventQuery, Selector } from '../event-query.js';
import { eventFromRow } from '../rows/event-columns.js';
import { EventEntity } from './entities/event.entity.js';

/** A matching event, or a row with nothing but the position at which the scan ended. */
export type FoundRow = EventRow & { readonly searchedThrough: number | null };

/** Greater than every character that a lock name may contain. */
const AFTER_ALL_NAMES = '\u{10ffff}';

/**
 * One statement that returns matching events as plain rows, each with the sequence at which the scan ended. If no event
 * matches, it returns one row without an event.
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

/** Names are compared byte by byte, so the names with a given prefix form one range. */
function conditionOf(selector: Selector): { condition: string; names: string[] } {
  if (selector.kind === 'lock') return { condition: 'e.lock_name = ?', names: [selector.lockName] };
  const { prefix } = selector;
  if (prefix === '') return { condition: 'true', names: [] };
  return { condition: 'e.lock_name >= ? and e.lock_name < ?', names: [prefix, prefix + AFTER_ALL_NAMES] };
}
