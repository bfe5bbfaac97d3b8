import { EXIT } from '../../shared/exit-codes.js';
import { CommandFailure } from '../failure.js';
import { rememberedToken } from './credentials.js';

const HOW_TO_GIVE_ONE =
  'Run "octostore login", or give one with --token-file, OCTOSTORE_TOKEN or OCTOSTORE_OIDC_TOKEN_FILE.';

/**
 * The token that was stored for all of these servers. A server that it was not stored for never gets it, even if it is named
 * beside one that it was stored for. Throws `CommandFailure` if there is no such token.
 */
export function storedToken(urls: readonly string[]): string {
  const tokens = urls.map(rememberedToken);
  const unknown = urls.filter((_, at) => tokens[at] === undefined);
  const [token, ...others] = new Set(tokens);
  if (token === undefined || unknown.length > 0)
    throw refusal(`There is no token for ${unknown.join(', ')}.`);
  if (others.length > 0) throw refusal(`The tokens that are stored for ${urls.join(', ')} differ.`);
  return token;
}

function refusal(why: string): CommandFailure {
  return new CommandFailure(`${why} ${HOW_TO_GIVE_ONE}`, EXIT.notPermitted);
}
