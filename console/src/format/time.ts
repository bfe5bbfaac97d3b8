const UNITS = [
  { name: 'd', ms: 86_400_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'min', ms: 60_000 },
  { name: 's', ms: 1000 },
] as const;

/** A duration in at most two units, such as `3 min 20 s`. Shorter than a second: in milliseconds. */
export function duration(ms: number): string {
  const whole = Math.max(0, ms);
  if (whole < 1000) return `${Math.round(whole)} ms`;
  return inUnits(whole);
}

function inUnits(ms: number): string {
  const seconds = Math.floor(ms / 1000) * 1000;
  const first = UNITS.findIndex((unit) => seconds >= unit.ms);
  const big = UNITS[first];
  if (big === undefined) return '0 s';
  const count = Math.floor(seconds / big.ms);
  const small = UNITS[first + 1];
  const rest = small === undefined ? 0 : Math.floor((seconds % big.ms) / small.ms);
  return small === undefined || rest === 0
    ? `${count} ${big.name}`
    : `${count} ${big.name} ${rest} ${small.name}`;
}

/** How far an instant is from now, such as `3 min ago`, `in 12 s` or `now`. */
export function relative(atMs: number, nowMs: number): string {
  const distance = atMs - nowMs;
  if (Math.abs(distance) < 1000) return 'now';
  return distance > 0 ? `in ${rough(distance)}` : `${rough(-distance)} ago`;
}

/** How much time is left, such as `12 s`, or null if none is. */
export function left(untilMs: number, nowMs: number): string | null {
  const ms = untilMs - nowMs;
  return ms <= 0 ? null : inUnits(Math.max(1000, ms));
}

/** In one unit, except for a few minutes or hours, where the next one matters. */
function rough(ms: number): string {
  if (ms >= 10 * 86_400_000) return `${Math.floor(ms / 86_400_000)} d`;
  if (ms >= 10 * 60_000 && ms < 3_600_000) return `${Math.floor(ms / 60_000)} min`;
  return inUnits(ms);
}

const ABSOLUTE = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long' });
const TIME_OF_DAY = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });

/** Date and time with the time zone, as the user of this browser writes them. */
export function absolute(atMs: number): string {
  return ABSOLUTE.format(atMs);
}

export function timeOfDay(atMs: number): string {
  return TIME_OF_DAY.format(atMs);
}
