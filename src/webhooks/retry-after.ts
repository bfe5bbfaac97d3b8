const SECONDS = /^\d{1,9}$/;

/** Milliseconds that a `Retry-After` header asks for, as seconds or as a date; null if it asks for nothing. */
export function parseRetryAfter(header: string | string[] | undefined, wallMs: number): number | null {
  if (typeof header !== 'string') return null;
  if (SECONDS.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - wallMs);
}
