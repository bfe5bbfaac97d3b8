const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The texts and the marks between them. Whatever else is in a JSON text does not matter for the names in it. */
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\]:]/g;

export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Reads a JSON object. Null if it is none, or if one of its objects has two members of the same name: others could read the one that we
 * do not.
 */
export function parseStrictObject(bytes: Buffer): JsonObject | null {
  try {
    const text = utf8.decode(bytes);
    const value: unknown = JSON.parse(text);
    return isObject(value) && !hasRepeatedName(text) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @param text valid JSON. */
function hasRepeatedName(text: string): boolean {
  const open: Set<string>[] = [];
  let latest = '';
  for (const [token] of text.matchAll(TOKENS)) {
    if (token === '{' || token === '[') open.push(new Set());
    else if (token === '}' || token === ']') open.pop();
    else if (token !== ':') latest = token;
    else if (!addTo(open.at(-1), JSON.parse(latest) as string)) return true;
  }
  return false;
}

/** Whether the name is new. */
function addTo(names: Set<string> | undefined, name: string): boolean {
  if (names?.has(name) === true) return false;
  names?.add(name);
  return true;
}
