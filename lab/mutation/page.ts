import { readFileSync, writeFileSync } from 'node:fs';
import type { Equivalent } from './equivalents.js';
import type { Score } from './reckoning.js';

export const PAGE = 'docs/mutation.md';

/** A run replaces the text between these lines of the page. */
const SCORE = ['<!-- score -->', '<!-- end of score -->'] as const;
const LIST = ['<!-- equivalent mutants -->', '<!-- end of equivalent mutants -->'] as const;

/** Writes the result of a whole run, and the list of equivalent mutants, to the page. */
export function writePage(scores: readonly Score[], equivalents: readonly Equivalent[]): void {
  write(SCORE, scoreTable(scores));
  write(LIST, equivalentsTable(equivalents));
}

function write(between: readonly [string, string], content: string): void {
  writeFileSync(PAGE, replaced(readFileSync(PAGE, 'utf8'), between, content));
}

function replaced(page: string, [begin, end]: readonly [string, string], content: string): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`${PAGE} must have the lines ${begin} and ${end}.`);
  return `${page.slice(0, from + begin.length)}\n\n${content}\n\n${page.slice(to)}`;
}

function scoreTable(scores: readonly Score[]): string {
  const rows = scores.map(({ area, found, timedOut, equivalent, alive, percent }) => {
    const shares = [`${percent.toFixed(1)} %`, `${area.least} %`];
    return [area.folder, ...shares, found, timedOut, alive.length, equivalent].join(' | ');
  });
  return table('Folder | Score | At least | Found | By a time-out | Alive | Equivalent', rows);
}

function equivalentsTable(equivalents: readonly Equivalent[]): string {
  const rows = equivalents.map(({ file, code, mutant, reason }) =>
    [`\`${file}\``, quoted(code), quoted(mutant), reason].join(' | '),
  );
  return table('File | Code | Mutant | Why no test can tell', rows);
}

function quoted(code: string): string {
  const ticks = code.includes('`') ? '``' : '`';
  return `${ticks} ${code.replaceAll('|', '\\|')} ${ticks}`;
}

function table(header: string, rows: readonly string[]): string {
  const rule = header.replaceAll(/[^|]+/g, ' --- ');
  return [header, rule, ...rows].map((row) => `| ${row} |`).join('\n');
}
