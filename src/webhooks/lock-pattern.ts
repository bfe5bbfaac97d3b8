/** Characters that a pattern may have. */
export const LOCK_PATTERN_LENGTH_MAX = 256;

/** The shape of a pattern: the characters of lock names, `*` and `?`. */
export const LOCK_PATTERN_SHAPE = '^[a-zA-Z0-9._/*?-]+$';

const shape = new RegExp(LOCK_PATTERN_SHAPE);

/** What one place of a pattern stands for: a character, one that may be any, or a run of them. */
type Token =
  { readonly kind: 'one'; readonly character: string } | { readonly kind: 'any' | 'run' | 'components' };

/** Counts the work of a match, so that a test can hold it to its bound. */
export interface MatchCost {
  steps: number;
}

/**
 * Selects locks by name. `*` stands for any run of characters, also across `/` and also none, so that `service/*` covers
 * everything below `service/`. `?` stands for any one character. `**` is the same as `*`, except that a whole component
 * `**` with the slash after it stands for any number of components, also none: the pattern of components `a`, `**` and `b`
 * covers `a/b`. Upper and lower case differ.
 */
export class LockPattern {
  readonly #tokens: readonly Token[];

  /** @param text A text for which `isLockPattern` holds. */
  constructor(text: string) {
    this.#tokens = tokensOf(text);
  }

  /**
   * Whether a lock name fits the pattern as a whole. Takes at most (name length + 1) x (pattern length + 1) steps: if what
   * follows a wildcard does not fit, only the last wildcard takes in more, because whatever an earlier one could take in
   * instead, the last one can too.
   */
  matches(lockName: string, cost: MatchCost = { steps: 0 }): boolean {
    const tokens = this.#tokens;
    let position = 0;
    let index = 0;
    let wildcard = -1;
    let resume = 0;
    for (;;) {
      cost.steps += 1;
      const token = tokens[index];
      if (token === undefined && position === lockName.length) return true;
      if (token?.kind === 'run' || token?.kind === 'components') {
        wildcard = index;
        resume = position;
        index += 1;
      } else if (token !== undefined && fits(token, lockName.charAt(position))) {
        index += 1;
        position += 1;
      } else {
        resume = nextResume(tokens[wildcard], lockName, resume);
        if (resume === -1) return false;
        position = resume;
        index = wildcard + 1;
      }
    }
  }
}

export function isLockPattern(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LOCK_PATTERN_LENGTH_MAX && shape.test(value);
}

function fits(token: Token, character: string): boolean {
  return (
    character !== '' && (token.kind === 'any' || (token.kind === 'one' && token.character === character))
  );
}

/** Where the wildcard ends when it takes in the least possible more than up to `resume`; -1 if it cannot. */
function nextResume(wildcard: Token | undefined, lockName: string, resume: number): number {
  if (wildcard === undefined || resume >= lockName.length) return -1;
  if (wildcard.kind === 'run') return resume + 1;
  const slash = lockName.indexOf('/', resume);
  return slash === -1 ? -1 : slash + 1;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const isComponentStart = at === 0 || text[at - 1] === '/';
    if (isComponentStart && text.startsWith('**/', at)) {
      tokens.push({ kind: 'components' });
      at += 3;
      continue;
    }
    tokens.push(tokenOf(text.charAt(at)));
    at += 1;
  }
  return tokens;
}

function tokenOf(character: string): Token {
  if (character === '*') return { kind: 'run' };
  if (character === '?') return { kind: 'any' };
  return { kind: 'one', character };
}
