import type { TokenRow } from '../../journal/rows/token-row.js';
import type { StaticTokens } from './static-tokens.js';

/** What stands for the root of a token that an earlier version rotated: it kept no record of what that token descends from. */
export const UNKNOWN_ROOT = 'unknown';

/** Tells the name of the static user whose account this is; null for other accounts. */
type StaticNameOf = (userId: string) => string | null;

/**
 * The tokens that were rotated from a configured token, in one step or many, which the configuration no longer gives to that user.
 * Whoever rotated a token that leaked has such a token.
 *
 * One of unknown root could descend from any token that its user has rotated. So it is among them as soon as one of those is no
 * longer configured.
 */
export function withdrawnTokens(
  rows: readonly TokenRow[],
  configured: StaticTokens,
  staticNameOf: StaticNameOf,
): TokenRow[] {
  const isConfigured = (tokenHash: string, userId: string): boolean => {
    const name = configured.nameOf(tokenHash);
    return name !== null && name === staticNameOf(userId);
  };
  const suspects = usersWhoLostOne(rows, isConfigured);
  return rows.filter(({ revokedAt, descendsFrom: root, userId }) => {
    if (revokedAt !== null || root === null) return false;
    return root === UNKNOWN_ROOT ? suspects.has(userId) : !isConfigured(root, userId);
  });
}

/** The users of whom a configured token was rotated or revoked that is no longer configured. */
function usersWhoLostOne(
  rows: readonly TokenRow[],
  isConfigured: (tokenHash: string, userId: string) => boolean,
): ReadonlySet<string> {
  const lost = rows.filter(
    ({ tokenHash, userId, revokedAt }) => revokedAt !== null && !isConfigured(tokenHash, userId),
  );
  return new Set(lost.map(({ userId }) => userId));
}
