import type { Brand } from './brand.js';
import { LOCK_NAME_COMPONENT_LENGTH_MAX, LOCK_NAME_LENGTH_MAX } from './limits.js';

/** A valid hierarchical lock name, such as `billing/invoices/nightly`. */
export type LockName = Brand<string, 'LockName'>;

const MAX = LOCK_NAME_COMPONENT_LENGTH_MAX;

/** A component, by its first character that is not a dot, so that `.` and `..` are none. */
const COMPONENT = [
  `[a-zA-Z0-9_-][a-zA-Z0-9._-]{0,${MAX - 1}}`,
  `[.][a-zA-Z0-9_-][a-zA-Z0-9._-]{0,${MAX - 2}}`,
  `[.][.][a-zA-Z0-9._-]{1,${MAX - 2}}`,
].join('|');

/**
 * The shape of a lock name, as the API documents it; only the length in all is not in it. Without look-ahead, which Go does
 * not have. At each character one way at most leads on, so it matches in linear time.
 */
export const LOCK_NAME_PATTERN = `^(${COMPONENT})(/(${COMPONENT}))*$`;

/** What can be told at a glance. `problemOfComponents` does the rest and says what is wrong. */
const shape = /^[a-zA-Z0-9._-]+(\/[a-zA-Z0-9._-]+)*$/;

export type ParsedLockName =
  { readonly ok: true; readonly name: LockName } | { readonly ok: false; readonly problem: string };

/** Checks a lock name. The problem is a sentence for the client, who may have sent anything, so it quotes nothing. */
export function parseLockName(text: string): ParsedLockName {
  const problem = problemOf(text);
  return problem === null ? { ok: true, name: text as LockName } : { ok: false, problem };
}

function problemOf(text: string): string | null {
  if (text.length === 0) return 'A lock name must not be empty.';
  if (text.length > LOCK_NAME_LENGTH_MAX) {
    return `A lock name must have at most ${LOCK_NAME_LENGTH_MAX} characters.`;
  }
  if (!shape.test(text)) {
    return "A lock name consists of components of letters, digits, '.', '_' and '-', separated by single slashes.";
  }
  return problemOfComponents(text);
}

function problemOfComponents(text: string): string | null {
  for (let start = 0; start <= text.length;) {
    const slash = text.indexOf('/', start);
    const end = slash === -1 ? text.length : slash;
    if (end - start > LOCK_NAME_COMPONENT_LENGTH_MAX) {
      return `Each component of a lock name must have at most ${LOCK_NAME_COMPONENT_LENGTH_MAX} characters.`;
    }
    // They are refused because proxies and clients resolve them away inside a URL path.
    if (isDots(text, start, end)) return "A component of a lock name must not be '.' or '..'.";
    start = end + 1;
  }
  return null;
}

/** Whether a component is `.` or `..`. */
function isDots(text: string, start: number, end: number): boolean {
  return end - start <= 2 && text[start] === '.' && text[end - 1] === '.';
}
