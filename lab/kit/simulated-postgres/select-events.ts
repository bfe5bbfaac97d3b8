import { compareValues, unescaped } from './select.js';
import type { DatabaseState, Row, Value } from './database-state.js';

/** How the query of `selectEvents` begins. */
export const SELECTS_EVENTS = /^\s*select bound\.sequence as "searchedThrough"/;

const COLUMN = /e\."(\w+)" as "(\w+)"/g;
const BY_NAME = /e\.lock_name = \$/;
const BY_PREFIX = /e\.lock_name >= \$/;

/** Searches the event log, as the query of `selectEvents` does. */
export function selectEvents(
  state: DatabaseState,
  text: string,
  values: readonly unknown[],
): readonly Record<string, Value>[] {
  const [after, through, offset] = values as [number, number, number];
  const names = values.slice(5, -1) as string[];
  const events = [...state.rows('events').values()]
    .filter(({ sequence }) => Number(sequence) > after && Number(sequence) <= through)
    .toSorted((a, b) => Number(a.sequence) - Number(b.sequence));
  const bound = events[offset]?.sequence ?? null;
  const columns = [...text.matchAll(COLUMN)].map(([, column = '', as = '']) => [column, as] as const);
  const found = events.filter(
    (event) => Number(event.sequence) <= Number(bound ?? through) && isNamed(event, text, names),
  );
  const rows: (Row | null)[] = found.length === 0 ? [null] : found.slice(0, Number(values.at(-1)));
  return rows.map((row) => {
    const values = columns.map(([column, as]) => [as, unescaped(row?.[column] ?? null)] as const);
    return Object.fromEntries([['searchedThrough', bound], ...values]);
  });
}

function isNamed({ lock_name: name = null }: Row, text: string, [first = '', end = '']: string[]): boolean {
  if (BY_NAME.test(text)) return name === first;
  if (!BY_PREFIX.test(text)) return true;
  return compareValues(name, first) >= 0 && compareValues(name, end) < 0;
}
