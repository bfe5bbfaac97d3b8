import { FixedPart, type MatchCost } from './fixed-part.js';

/** The most characters in a pattern. */
export const LOCK_PATTERN_LENGTH_MAX = 256;

/** The shape of a pattern: the characters of lock names, `*` and `?`. */
export const LOCK_PATTERN_SHAPE = '^[a-zA-Z0-9._/*?-]+$';

const shape = new RegExp(LOCK_PATTERN_SHAPE);

/** What a wildcard matches: any run of characters, or any run of whole components, each with the slash after it. */
type Wildcard = 'run' | 'components';

/** What a pattern looks like, for indexes. */
export interface PatternOutline {
  /** The text before the first wildcard, of which each character stands for itself. Every name that matches begins with it. */
  readonly prefix: string;
  /** A text with which every name ends that matches: what follows the last wildcard, except for a slash at its start. */
  readonly suffix: string;
  /** Whether the prefix is the whole pattern, or is followed by a run and nothing else. Null if more follows. */
  readonly rest: 'nothing' | 'run' | null;
}

/** A wildcard, and the part between it and the next one. */
interface Following {
  readonly wildcard: Wildcard;
  readonly part: FixedPart;
}

/**
 * Selects locks by name. `*` matches any run of characters, even across `/` or empty, so `service/*` matches everything
 * below `service/`. `?` matches any one character. `**` is the same as `*`, except that a whole component `**` with the slash
 * after it matches any number of components, even none: a pattern of the components `a`, `**` and `b` matches `a/b`. Patterns
 * are case-sensitive.
 */
export class LockPattern {
  readonly #first: FixedPart;
  readonly #middle: readonly Following[];
  /** Null if there is no wildcard. */
  readonly #last: Following | null;

  /** @param text A text for which `isLockPattern` holds. */
  constructor(text: string) {
    const { first, following } = partsOf(text);
    this.#first = new FixedPart(first);
    const parts = following.map(([wildcard, part]) => ({ wildcard, part: new FixedPart(part) }));
    this.#middle = parts.slice(0, -1);
    this.#last = parts.at(-1) ?? null;
  }

  /**
   * Whether the whole lock name matches. The first part must match at its start and the last one at its end. Each of the
   * others is matched at the first possible place. A later place cannot help, because the next wildcard can match whatever
   * lies between. So the name is read only once, and a match takes a few microseconds.
   */
  matches(lockName: string, cost: MatchCost = { steps: 0 }): boolean {
    const last = this.#last;
    if (!this.#first.fitsAt(lockName, 0, cost)) return false;
    if (last === null) return this.#first.length === lockName.length;
    const end = lockName.length - last.part.length;
    let reached = this.#first.length;
    for (const { wildcard, part } of this.#middle) {
      const start = part.find(lockName, reached, end, wildcard === 'components', cost);
      if (start === -1) return false;
      reached = start + part.length;
    }
    return canMatch(last.wildcard, lockName, reached, end) && last.part.fitsAt(lockName, end, cost);
  }
}

/** @param text A text for which `isLockPattern` holds. */
export function outlineOf(text: string): PatternOutline {
  const wildcardAt = text.search(/[*?]/);
  if (wildcardAt === -1) return { prefix: text, suffix: text, rest: 'nothing' };
  const isRun = /^\*+$/.test(text.slice(wildcardAt));
  const suffix = text.slice(Math.max(text.lastIndexOf('*'), text.lastIndexOf('?')) + 1).replace(/^\//, '');
  return { prefix: text.slice(0, wildcardAt), suffix, rest: isRun ? 'run' : null };
}

export function isLockPattern(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LOCK_PATTERN_LENGTH_MAX && shape.test(value);
}

/** Whether a wildcard can match what lies between two places of a name. */
function canMatch(wildcard: Wildcard, lockName: string, from: number, to: number): boolean {
  if (from >= to || wildcard === 'run') return from <= to;
  return lockName[to - 1] === '/';
}

/**
 * Splits a pattern at its wildcards. Several wildcards in a row count as one: as a run if there is a run among them, and
 * otherwise as one wildcard for components.
 */
function partsOf(text: string): { first: string; following: [Wildcard, string][] } {
  const following: [Wildcard, string][] = [];
  let first = '';
  let at = 0;
  while (at < text.length) {
    const isComponentStart = at === 0 || text[at - 1] === '/';
    const isComponents = isComponentStart && text.startsWith('**/', at);
    const latest = following.at(-1);
    if (isComponents || text[at] === '*') {
      const wildcard = isComponents ? 'components' : 'run';
      if (latest?.[1] !== '') following.push([wildcard, '']);
      else if (wildcard === 'run') latest[0] = 'run';
    } else if (latest === undefined) first += text.charAt(at);
    else latest[1] += text.charAt(at);
    at += isComponents ? '**/'.length : 1;
  }
  return { first, following };
}
