import type { TableName } from '../tables.js';
import { UnusableRowError } from '../errors.js';

/** Reads the JSON that a column stores. `read` returns null if the value is not valid. Throws `UnusableRowError`. */
export function fromStoredJson<T>(text: string, table: TableName, read: (value: unknown) => T | null): T {
  const value = read(parsed(text, table));
  if (value === null) throw new UnusableRowError(table);
  return value;
}

function parsed(text: string, table: TableName): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UnusableRowError(table, { cause });
  }
}

/** The fields of an object, or none if the value is not an object. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** Reads each element of a list. Null if the value is not a list, or one of its elements is not valid. */
export function readList<T>(value: unknown, read: (element: unknown) => T | null): readonly T[] | null {
  if (!Array.isArray(value)) return null;
  const elements = value.map(read);
  return elements.every((element) => element !== null) ? elements : null;
}
