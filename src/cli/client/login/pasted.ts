import { EXIT } from '../../shared/exit-codes.js';
import { CommandFailure } from '../failure.js';

interface Pasted {
  readonly token: string;
  /** Null unless the whole page was pasted. */
  readonly login: string | null;
}

/**
 * Finds the token in pasted text: the token itself, with or without quotes, or the whole JSON document from the sign-in page.
 * Throws `CommandFailure`, which never quotes the text.
 */
export function readPasted(text: string): Pasted {
  const trimmed = text.trim();
  const page = trimmed.startsWith('{') ? parsed(trimmed) : { token: trimmed.replace(/^"(.*)"$/, '$1') };
  const { token, user } = page as { readonly token?: unknown; readonly user?: { readonly login?: unknown } };
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) {
    throw new CommandFailure(
      'This is not a token. Copy the value of "token" from the page, or the whole page.',
      EXIT.usage,
    );
  }
  return { token, login: typeof user?.login === 'string' ? user.login : null };
}

function parsed(text: string): object {
  try {
    return JSON.parse(text) as object;
  } catch {
    return {};
  }
}
