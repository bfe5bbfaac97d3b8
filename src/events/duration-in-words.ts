const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const UNITS = [
  ['d', DAY_MS],
  ['h', HOUR_MS],
  ['min', MINUTE_MS],
  ['s', SECOND_MS],
] as const;

/** A duration in its two largest units, such as `2 min 5 s`, rounded down. Below a second: milliseconds. */
export function durationInWords(durationMs: number): string {
  const ms = Math.max(0, Math.floor(durationMs));
  const first = UNITS.findIndex(([, size]) => ms >= size);
  if (first < 0) return `${ms} ms`;
  let left = ms;
  const parts: string[] = [];
  for (const [unit, size] of UNITS.slice(first, first + 2)) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
  }
  return parts.join(' ');
}
