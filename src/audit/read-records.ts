import type { Journal } from '../journal/journal.js';
import type { Range } from '../journal/range.js';
import { exportedLine } from './audit-record.js';

/** How many records are read at a time. */
const PAGE = 500;

/** A page ends with the record that reaches this many characters, so that it needs little memory. */
const PAGE_LENGTH = 1_000_000;

/** The records after a number, in order, as they are exported: at most `limit`, and fewer if they are long. Empty at the end. */
export function linesAfter(journal: Pick<Journal, 'page'>, after: number, limit: number): Promise<string[]> {
  return lines(journal, after, limit, (last) => ({ after: last }));
}

/** The last records before a number, in order, as they are exported: at most `limit`, and fewer if they are long. */
export async function linesBefore(
  journal: Pick<Journal, 'page'>,
  before: number,
  limit: number,
): Promise<string[]> {
  const latestFirst = await lines(journal, before, limit, (last) => ({ before: last, isDescending: true }));
  return latestFirst.toReversed();
}

async function lines(
  journal: Pick<Journal, 'page'>,
  from: number,
  limit: number,
  rangeFrom: (last: number) => Omit<Range, 'limit'>,
): Promise<string[]> {
  const found: string[] = [];
  let length = 0;
  let last = from;
  while (found.length < limit && length < PAGE_LENGTH) {
    const range = { ...rangeFrom(last), limit: Math.min(PAGE, limit - found.length) };
    const rows = await journal.page('audit_records', 'key', range);
    if (rows.length === 0) break;
    for (const row of rows) {
      if (length >= PAGE_LENGTH) break;
      const line = exportedLine(row);
      found.push(line);
      length += line.length;
      last = row.number;
    }
  }
  return found;
}
