import { Option } from 'commander';
import { TOKEN_LIFETIME_SECONDS } from '../../auth/tokens/token-terms.js';
import { lifetime } from './durations.js';

/** How long a new token lasts. Gives seconds. */
export function expiresInOption(): Option {
  return new Option(
    '--expires-in <time>',
    'how long the token lasts, such as 12h or 90d (default: it does not expire)',
  ).argParser(lifetime(TOKEN_LIFETIME_SECONDS));
}
