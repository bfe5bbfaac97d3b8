import { OctoStoreError } from '../../errors/octostore-error.js';
import type { TokenTerms, ValidToken } from './valid-token.js';

/**
 * The terms of a token that is made with another one, which it must not outlive. Otherwise a thief with a token that is about to end could
 * make one that does not. Throws `forbidden`.
 */
export function withinLifeOf({ expiresAtMs: end }: ValidToken, terms: TokenTerms): TokenTerms {
  if (end === null) return terms;
  if (terms.expiresAtMs === null) return { ...terms, expiresAtMs: end };
  if (terms.expiresAtMs <= end) return terms;
  throw new OctoStoreError('forbidden', {
    details: `The token that you use expires at ${new Date(end).toISOString()}, so it cannot create one that lasts longer. Sign in again, or ask for less time.`,
  });
}
