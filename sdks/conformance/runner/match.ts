type Comparison = (actual: number, bound: number) => boolean;

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  $gt: (actual, bound) => actual > bound,
  $gte: (actual, bound) => actual >= bound,
  $lt: (actual, bound) => actual < bound,
  $lte: (actual, bound) => actual <= bound,
};

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Where a value differs from the expected one. Null if it does not. Objects may have more members than expected. `null` also
 * matches a missing member, `$any` anything else, `$uuid` a UUID, and `/.../` a text that matches. `$gt` and the like are limits,
 * and `$not` matches anything but its value.
 */
export function difference(expected: unknown, actual: unknown, path = 'the answer'): string | null {
  if (matchesScalar(expected, actual)) return null;
  if (Array.isArray(expected)) return differenceOfLists(expected, actual, path);
  if (!isObject(expected)) return `${path} is ${shown(actual)}, not ${shown(expected)}`;
  if ('$not' in expected) {
    const differs = difference(expected['$not'], actual) !== null;
    return differs ? null : `${path} is ${shown(actual)}`;
  }
  if (Object.keys(expected).some((key) => key in COMPARISONS))
    return differenceOfNumbers(expected, actual, path);
  if (!isObject(actual)) return `${path} is ${shown(actual)}, not an object`;
  for (const [name, value] of Object.entries(expected)) {
    const found = difference(value, actual[name], `${path}.${name}`);
    if (found !== null) return found;
  }
  return null;
}

function matchesScalar(expected: unknown, actual: unknown): boolean {
  if (expected === null) return actual === null || actual === undefined;
  if (expected === '$any') return actual !== null && actual !== undefined;
  if (expected === '$uuid') return typeof actual === 'string' && UUID.test(actual);
  if (typeof expected === 'string' && /^\/.+\/$/s.test(expected)) {
    return typeof actual === 'string' && new RegExp(expected.slice(1, -1), 's').test(actual);
  }
  return Object.is(expected, actual);
}

function differenceOfLists(expected: readonly unknown[], actual: unknown, path: string): string | null {
  if (!Array.isArray(actual)) return `${path} is ${shown(actual)}, not a list`;
  if (actual.length !== expected.length) {
    return `${path} has ${actual.length} entries, not ${expected.length}: ${shown(actual)}`;
  }
  return (
    expected
      .map((value, at) => difference(value, actual[at], `${path}[${at}]`))
      .find((text) => text !== null) ?? null
  );
}

function differenceOfNumbers(
  bounds: Readonly<Record<string, unknown>>,
  actual: unknown,
  path: string,
): string | null {
  const isWithin =
    typeof actual === 'number' &&
    Object.entries(bounds).every(([name, bound]) => COMPARISONS[name]?.(actual, Number(bound)) ?? false);
  return isWithin ? null : `${path} is ${shown(actual)}, not ${shown(bounds)}`;
}

/** The value at a path in nested objects, such as `body.lease_id`. */
export function memberAt(value: unknown, path: string): unknown {
  let member = value;
  for (const name of path === '' ? [] : path.split('.'))
    member = (member as Record<string, unknown> | null)?.[name];
  return member;
}

export function shown(value: unknown): string {
  return JSON.stringify(value) ?? 'missing';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
