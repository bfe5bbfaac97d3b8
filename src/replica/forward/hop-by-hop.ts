/** Headers that concern one connection only (RFC 9110, section 7.6.1), in lower case. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const PROXY = 'proxy-';

const NONE: ReadonlySet<string> = new Set();

/** Most connections name nothing but these. */
const USUAL: ReadonlySet<string> = new Set(['keep-alive', 'close']);

/** Whether a header is not passed on. `name` is in lower case. `named` is what `namedByConnection` returns. */
export function isHopByHop(name: string, named: ReadonlySet<string>): boolean {
  return HOP_BY_HOP.has(name) || name.startsWith(PROXY) || named.has(name);
}

/** The headers that a `Connection` header declares to be hop-by-hop, in lower case. */
export function namedByConnection(connection: string | string[] | undefined): ReadonlySet<string> {
  if (connection === undefined) return NONE;
  const text = String(connection).toLowerCase();
  return USUAL.has(text) ? NONE : new Set(text.split(',').map((name) => name.trim()));
}
