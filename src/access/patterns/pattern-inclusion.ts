import { LockPattern } from './lock-pattern.js';

/** A component that stands for any number of components. */
const COMPONENTS = '**/';

/** How many of them are written out. With more, only a pattern with the same text is known to include the other. */
const COMPONENTS_MAX = 3;

/**
 * Whether a pattern matches all names that another one matches. It may say no although it does, in rare cases, and never says yes
 * although it does not.
 *
 * The outer pattern is matched with the text of the inner one. There, a wildcard can only fall into a wildcard of the outer
 * pattern, which then matches whatever the inner wildcard stands for.
 */
export function includesPattern(outer: string, inner: string): boolean {
  if (outer === inner) return true;
  // A `?` of the outer pattern would match a `*` of the inner text, which stands for more than one character.
  if (outer.includes('?') && inner.includes('*')) return false;
  const pattern = new LockPattern(outer);
  const texts = withoutComponents(inner);
  return texts?.every((text) => pattern.matches(text)) ?? false;
}

/**
 * Patterns that together match what a pattern matches, without wildcards for components: such a wildcard stands for nothing, or for a
 * run of characters and a slash. Null if there are too many.
 */
function withoutComponents(text: string): readonly string[] | null {
  const parts = splitAtComponents(text);
  if (parts.length - 1 > COMPONENTS_MAX) return null;
  return parts
    .slice(1)
    .reduce((heads, part) => heads.flatMap((head) => [head + part, `${head}*/${part}`]), [parts[0] ?? '']);
}

function splitAtComponents(text: string): string[] {
  const parts = [''];
  for (let at = 0; at < text.length;) {
    const isStart = at === 0 || text[at - 1] === '/';
    if (isStart && text.startsWith(COMPONENTS, at)) {
      parts.push('');
      at += COMPONENTS.length;
    } else {
      parts[parts.length - 1] += text.charAt(at);
      at += 1;
    }
  }
  return parts;
}
