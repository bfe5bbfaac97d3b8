import type { TokenRow } from '../../journal/rows/token-row.js';
import type { StaticTokens } from './static-tokens.js';

/** The root of a token that an earlier version rotated. That version did not record what the token descends from. */
export const UNKNOWN_ROOT = 'unknown';

/** Returns the name of the static user with this account, or null for other accounts. */
type StaticNameOf = (userId: string) => string | null;

/**
 * Tokens that were rotated, directly or in several steps, from a configured token that the configuration no longer gives to
 * that user. If a token has leaked and been rotated by someone else, that person has such a token.
 *
 * A token with an unknown root could descend from any token that its user has rotated. So it is included as soon as one of
 * those is no longer configured.
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
  const usersWithRemoved = usersWithRemovedTokens(rows, isConfigured);
  return rows.filter(({ revokedAt, descendsFrom: root, userId }) => {
    if (revokedAt !== null || root === null) return false;
    return root === UNKNOWN_ROOT ? usersWithRemoved.has(userId) : !isConfigured(root, userId);
  });
}

/** The users with a rotated or revoked token that is no longer configured. */
function usersWithRemovedTokens(
  rows: readonly TokenRow[],
  isConfigured: (tokenHash: string, userId: string) => boolean,
): ReadonlySet<string> {
  const removed = rows.filter(
    ({ tokenHash, userId, revokedAt }) => revokedAt !== null && !isConfigured(tokenHash, userId),
  );
  return new Set(removed.map(({ userId }) => userId));
}
