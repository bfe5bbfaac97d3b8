import type { Mode, PastLease } from '../api/schemas';

/** `1 lock`, `2 locks`, with the digits in groups. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${grouped(number)} ${number === 1 ? one : many}`;
}

export function grouped(number: number): string {
  return number.toLocaleString();
}

/** Bytes in a unit in which they are easy to read. */
export function bytes(number: number): string {
  if (number < 1_000_000) return `${Math.round(number / 1000)} KB`;
  return `${(number / 1_000_000).toFixed(number < 10_000_000 ? 1 : 0)} MB`;
}

interface Held {
  readonly mode: Mode;
  readonly limit?: number;
  readonly slots?: readonly number[];
}

/** How a lease holds its lock. */
export function modeWords({ mode, limit, slots }: Held): string {
  if (mode !== 'counted') return mode;
  return limit === undefined ? 'counted' : `${slots?.length ?? 1} of ${limit}`;
}

const ENDINGS: Record<PastLease['how'], string> = {
  held: 'Held',
  released: 'Released',
  expired: 'Expired',
  session_expired: 'Session expired',
  broken: 'Broken',
};

export function endingWords(how: PastLease['how']): string {
  return ENDINGS[how];
}

/** A code such as `address_refused` in words. */
export function codeWords(code: string): string {
  const words = code.replaceAll('_', ' ').replaceAll('.', ': ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Scopes as one line, such as `acquire on billing/*`. */
export function scopeWords(
  scopes: readonly { may: readonly string[]; on: readonly string[] }[] | null,
): string {
  if (scopes === null) return 'Everything you may do';
  return scopes.map(({ may, on }) => `${may.join(', ')} on ${on.join(', ')}`).join('; ');
}
