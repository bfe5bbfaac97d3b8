/** One position of a pattern: a given character, any one character, or any number of them. */
type Token =
  { readonly kind: 'one'; readonly character: string } | { readonly kind: 'any' | 'run' | 'components' };

/**
 * The meaning of a pattern, as simply as possible for long texts: the name is matched from one position to the next,
 * and if what follows a wildcard does not fit, the last wildcard takes the least possible more.
 */
export function matchesPlainly(pattern: string, lockName: string): boolean {
  const tokens = tokensOf(pattern);
  let position = 0;
  let index = 0;
  let wildcard = -1;
  let resume = 0;
  for (;;) {
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

function fits(token: Token, character: string): boolean {
  return (
    character !== '' && (token.kind === 'any' || (token.kind === 'one' && token.character === character))
  );
}

/** The next end of the wildcard after `resume`, with the least possible more; -1 if there is none. */
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
