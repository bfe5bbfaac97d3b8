import { readFileSync } from 'node:fs';

/** The statuses that the kinds of callers get from one route. */
export interface Row {
  /** Such as `GET /locks/{name}`. */
  readonly route: string;
  readonly statuses: ReadonlyMap<string, number>;
}

/** Reads `table.md`. Throws if a row has another number of cells than the header. */
export function readTable(): readonly Row[] {
  const text = readFileSync(new URL('table.md', import.meta.url), 'utf8');
  const [header, , ...lines] = text.split('\n').filter((line) => line.startsWith('|'));
  const [, ...callers] = cellsOf(header ?? '');
  return lines.map((line) => {
    const [route = '', ...cells] = cellsOf(line);
    const statuses = cells.map(Number);
    if (cells.length !== callers.length || !statuses.every(Number.isInteger))
      throw new Error(`not a row with ${callers.length} statuses: ${line}`);
    const named = callers.map((caller, index) => [caller, statuses[index] ?? Number.NaN] as const);
    return { route: route.replaceAll('`', ''), statuses: new Map(named) };
  });
}

function cellsOf(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}
