/**
 * The first items in ascending order of their keys, at most `max`. Sorts only those, so it takes little more time than looking at each item.
 *
 * @param after only items with greater keys. Null for the first page.
 */
export function firstInOrder<T>(
  items: Iterable<T>,
  keyOf: (item: T) => string,
  { after, max }: { readonly after: string | null; readonly max: number },
): T[] {
  const first: { readonly key: string; readonly item: T }[] = [];
  for (const item of items) {
    const key = keyOf(item);
    if (after !== null && key <= after) continue;
    const last = first.at(-1);
    if (first.length === max && last !== undefined && key >= last.key) continue;
    first.splice(indexFor(key, first), 0, { key, item });
    if (first.length > max) first.pop();
  }
  return first.map(({ item }) => item);
}

function indexFor(key: string, sorted: readonly { readonly key: string }[]): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.key ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
