import type { Brand } from './brand.js';
import { LOCK_NAME_COMPONENT_LENGTH_MAX, LOCK_NAME_LENGTH_MAX } from './limits.js';

/** A valid hierarchical lock name, such as `billing/invoices/nightly`. */
export type LockName = Brand<string, 'LockName'>;

const MAX = LOCK_NAME_COMPONENT_LENGTH_MAX;

/** A component. The alternatives differ in where the first character other than a dot is, which rules out `.` and `..`. */
const COMPONENT = [
  `[a-zA-Z0-9_-][a-zA-Z0-9._-]{0,${MAX - 1}}`,
  `[.][a-zA-Z0-9_-][a-zA-Z0-9._-]{0,${MAX - 2}}`,
  `[.][.][a-zA-Z0-9._-]{1,${MAX - 2}}`,
].join('|');

/**
 * The pattern of lock names, as the API documents it. It does not limit the total length. It uses no look-ahead, which Go
 * does not support. At each character there is at most one way to continue, so it matches in linear time.
 */
export const LOCK_NAME_PATTERN = `^(${COMPONENT})(/(${COMPONENT}))*$`;

/** A quick check. `problemOfComponents` checks the rest and finds out what is wrong. */
const shape = /^[a-zA-Z0-9._-]+(\/[a-zA-Z0-9._-]+)*$/;

export type ParsedLockName =
  { readonly ok: true; readonly name: LockName } | { readonly ok: false; readonly problem: string };

/**
 * Checks a lock name. The problem is a sentence for the client. It does not quote the name, since the name may contain
 * anything.
 */
export function parseLockName(text: string): ParsedLockName {
  const problem = problemOfName(text, 'lock name');
  return problem === null ? { ok: true, name: text as LockName } : { ok: false, problem };
}

/**
 * The same for a name of something else that follows the same rules.
 *
 * @param what what the name is, such as "lock name".
 * @returns null if the name is valid.
 */
export function problemOfName(text: string, what: string): string | null {
  if (text.length === 0) return `The ${what} is empty. Use at least one character.`;
  if (text.length > LOCK_NAME_LENGTH_MAX) {
    return `The ${what} is too long. Use at most ${LOCK_NAME_LENGTH_MAX} characters.`;
  }
  if (!shape.test(text)) {
    return `The ${what} has invalid characters or slashes. Use letters, digits, '.', '_' and '-', and single slashes between them.`;
  }
  return problemOfComponents(text, what);
}

function problemOfComponents(text: string, what: string): string | null {
  for (let start = 0; start <= text.length;) {
    const slash = text.indexOf('/', start);
    const end = slash === -1 ? text.length : slash;
    if (end - start > LOCK_NAME_COMPONENT_LENGTH_MAX) {
      return `A component of the ${what} is too long. Use at most ${LOCK_NAME_COMPONENT_LENGTH_MAX} characters between slashes.`;
    }
    // Proxies and clients resolve these components inside a URL path.
    if (isDots(text, start, end))
      return `A component of the ${what} is '.' or '..'. Use another name for it.`;
    start = end + 1;
  }
  return null;
}

/** Whether a component is `.` or `..`. */
function isDots(text: string, start: number, end: number): boolean {
  return end - start <= 2 && text[start] === '.' && text[end - 1] === '.';
}
