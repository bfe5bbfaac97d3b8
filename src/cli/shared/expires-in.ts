import { Option } from 'commander';
import { lifetime } from './durations.js';

/** How long a new token lasts, in seconds. The server knows how long that may be. */
export function expiresInOption(): Option {
  return new Option(
    '--expires-in <time>',
    'how long the token lasts, such as 12h or 90d (default: it does not expire)',
  ).argParser(lifetime);
}
