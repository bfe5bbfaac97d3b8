import { z } from 'zod';

const PAIR = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/;
const PAIRS_RULE = 'must be pairs such as name=value, separated by commas, with values in percent-encoding';

/** Names and values, as OpenTelemetry writes them in its settings: `one=1,two=2`. None by default. */
export function pairs() {
  return z
    .string()
    .transform(parsePairs)
    .refine((parsed) => parsed !== null, PAIRS_RULE)
    .transform((parsed) => parsed ?? {})
    .default({});
}

/** A share of a whole. */
export function ratio(byDefault: number) {
  return z
    .string()
    .regex(/^(0|1|0?\.\d{1,9}|0\.|1\.0*)$/, 'must be a number between 0 and 1')
    .transform(Number)
    .default(byDefault);
}

/** Null if the text has another form. */
function parsePairs(text: string): Record<string, string> | null {
  const entries: (readonly [string, string])[] = [];
  for (const part of text.split(',').filter((piece) => piece.trim() !== '')) {
    const [, name, value] = PAIR.exec(part) ?? [];
    if (name === undefined || value === undefined) return null;
    try {
      entries.push([name, decodeURIComponent(value)]);
    } catch {
      return null;
    }
  }
  return Object.fromEntries(entries);
}
