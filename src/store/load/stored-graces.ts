import type { Grace, GraceRecord } from '../../core/grace.js';
import type { Instant } from '../../core/model/time.js';
import { UnusableDatabaseError } from '../../journal/errors.js';
import { fieldsOf, readList } from '../../journal/rows/stored-json.js';

/** The text that the server row stores. */
export function graceRecordToText({ began, graces }: GraceRecord): string {
  return JSON.stringify({
    began,
    graces: graces.map(({ lastInstant, now, seconds }) => [lastInstant, now, seconds]),
  });
}

/** Throws `UnusableDatabaseError`. */
export function graceRecordFromText(text: string | null): GraceRecord | null {
  if (text === null) return null;
  const { began, graces } = fieldsOf(parsed(text));
  const list = readList(graces, readGrace);
  if (!isInteger(began) || list === null) throw unusable(text);
  return { began: began as Instant, graces: list };
}

function readGrace(value: unknown): Grace | null {
  const numbers = readList(value, (number) => (isInteger(number) ? number : null));
  if (numbers === null || !hasThree(numbers)) return null;
  const [lastInstant, now, seconds] = numbers;
  return { lastInstant: lastInstant as Instant, now: now as Instant, seconds };
}

function hasThree(
  numbers: readonly number[],
): numbers is readonly [number, number, number, ...(readonly number[])] {
  return numbers.length >= 3;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function unusable(text: string): UnusableDatabaseError {
  return new UnusableDatabaseError(
    `The column "graces" of the table "server" is not valid: ${text.slice(0, 100)}. Restore a backup of the database.`,
  );
}
