import { OctoStoreError } from '../../errors/octostore-error.js';
import { withinScopeOf } from './token-scope.js';
import type { TokenTerms, ValidToken } from './valid-token.js';

/**
 * The terms of a token that is made with another one: it neither outlives its maker nor may do more. Throws `forbidden` and
 * `scope_too_wide`.
 */
export function termsMadeWith(maker: ValidToken, terms: TokenTerms): TokenTerms {
  assertNotExchanged(maker);
  return withinScopeOf(maker, withinLifeOf(maker, terms));
}

/** A job that could make other tokens would leave them behind. */
function assertNotExchanged({ exchanged }: ValidToken): void {
  if (!exchanged) return;
  throw new OctoStoreError('forbidden', {
    details:
      'The token that you use comes from an exchange, so it cannot create others. For another token, exchange again.',
  });
}

/** Otherwise a thief with a token that is about to end could make one that does not. */
function withinLifeOf({ expiresAtMs: end }: ValidToken, terms: TokenTerms): TokenTerms {
  if (end === null) return terms;
  if (terms.expiresAtMs === null) return { ...terms, expiresAtMs: end };
  if (terms.expiresAtMs <= end) return terms;
  throw new OctoStoreError('forbidden', {
    details: `The token that you use expires at ${new Date(end).toISOString()}, so it cannot create one that lasts longer. Sign in again, or ask for less time.`,
  });
}
