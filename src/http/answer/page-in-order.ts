import { encodeTextCursor } from '../input/text-cursor.js';
import { firstInOrder } from './first-in-order.js';

/** A page of a list, in order of its keys. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Where the next page begins. Null if this is the last one. */
  readonly nextCursor: string | null;
}

/**
 * The page of at most `max` items that begins after a key.
 *
 * @param after null for the first page.
 */
export function pageInOrder<T>(
  items: Iterable<T>,
  keyOf: (item: T) => string,
  { after, max }: { readonly after: string | null; readonly max: number },
): Page<T> {
  // One more than fits tells whether there is another page.
  const found = firstInOrder(items, keyOf, { after, max: max + 1 });
  const page = found.slice(0, max);
  const last = found.length > max ? page.at(-1) : undefined;
  return { items: page, nextCursor: last === undefined ? null : encodeTextCursor(keyOf(last)) };
}
