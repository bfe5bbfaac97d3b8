import type { Journal } from '../journal/journal.js';
import { exportedLine } from './audit-record.js';

/** How many records are read at a time. */
const PAGE = 500;

/** A page ends with the record that reaches this many characters, so that it needs little memory. */
const PAGE_LENGTH = 1_000_000;

/** The records after a number, in order, as they are exported: at most `limit`, and fewer if they are long. Empty at the end. */
export async function linesAfter(
  journal: Pick<Journal, 'page'>,
  after: number,
  limit: number,
): Promise<string[]> {
  const lines: string[] = [];
  let length = 0;
  let last = after;
  while (lines.length < limit && length < PAGE_LENGTH) {
    const rows = await journal.page('audit_records', 'key', {
      after: last,
      limit: Math.min(PAGE, limit - lines.length),
    });
    if (rows.length === 0) break;
    for (const row of rows) {
      if (length >= PAGE_LENGTH) break;
      const line = exportedLine(row);
      lines.push(line);
      length += line.length;
      last = row.number;
    }
  }
  return lines;
}
