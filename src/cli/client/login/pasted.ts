import { EXIT } from '../../shared/exit-codes.js';
import { CommandFailure } from '../failure.js';

/** What somebody pasted. */
interface Pasted {
  readonly token: string;
  /** Known if the whole page was pasted. */
  readonly login: string | null;
}

/**
 * The token in what was pasted: the token itself, with or without quotes, or the whole JSON document that the sign-in page
 * shows. Throws `CommandFailure`, which quotes nothing of it.
 */
export function readPasted(text: string): Pasted {
  const trimmed = text.trim();
  const page = trimmed.startsWith('{') ? parsed(trimmed) : { token: trimmed.replace(/^"(.*)"$/, '$1') };
  const { token, user } = page as { readonly token?: unknown; readonly user?: { readonly login?: unknown } };
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) {
    throw new CommandFailure(
      'That is no token. Copy the value of "token" from the page, or the whole page.',
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
