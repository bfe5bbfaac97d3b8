import { refuse } from './refusal.js';

const CONTROL_CHARACTER = /\p{Cc}/u;

/**
 * Decodes `%40` and the like. Throws `Refusal`.
 *
 * @param part what the reason calls the text.
 */
export function decode(text: string, part: string): string {
  const decoded =
    decodePercent(text) ??
    refuse(`has a % in ${part} that is not part of a code such as %40. Write % as %25`);
  if (CONTROL_CHARACTER.test(decoded)) refuse(`has a control character in ${part}. Remove it`);
  return decoded;
}

function decodePercent(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
