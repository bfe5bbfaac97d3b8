import type { Scopes } from '../../access/scope/scopes.js';
import type { UserId } from '../../core/model/ids.js';
import type { TokenRow } from '../../journal/rows/token-row.js';
import type { TokenHash } from './token-format.js';
import { firstIdOf, NO_TERMS, type BrowserFacts, type TokenId, type ValidToken } from './valid-token.js';

/** A token that was created here. Not for configured tokens, which have no rows until they are revoked. */
export type StoredToken = ValidToken & { readonly createdAtMs: number };

export function rowOf({
  createdAtMs,
  expiresAtMs,
  lastUsedAtMs,
  scope,
  exchanged,
  browser,
  ...token
}: StoredToken): TokenRow {
  return {
    ...token,
    ...browserColumns(browser),
    revokedAt: null,
    createdAt: createdAtMs,
    expiresAt: expiresAtMs,
    lastUsedAt: lastUsedAtMs,
    scopes: scope === null ? null : scope.text,
    exchanged: Number(exchanged),
  };
}

/** The row that keeps a configured token revoked, although each start finds it in the configuration. */
export function revokedRowOf({ tokenHash, tokenId, userId }: ValidToken, nowMs: number): TokenRow {
  return {
    tokenHash,
    tokenId,
    userId,
    revokedAt: nowMs,
    createdAt: nowMs,
    descendsFrom: null,
    label: null,
    expiresAt: null,
    lastUsedAt: null,
    scopes: null,
    exchanged: 0,
    ...browserColumns(null),
  };
}

export function tokenOf(row: TokenRow, scopes: Scopes): StoredToken {
  return {
    tokenHash: row.tokenHash as TokenHash,
    tokenId: row.tokenId === null ? firstIdOf(row.tokenHash) : (row.tokenId as TokenId),
    userId: row.userId as UserId,
    createdAtMs: row.createdAt,
    descendsFrom: row.descendsFrom,
    label: row.label,
    expiresAtMs: row.expiresAt,
    lastUsedAtMs: row.lastUsedAt,
    scope: scopes.read(row.scopes),
    exchanged: row.exchanged === 1,
    browser: browserOf(row),
  };
}

/** A token that the configuration gives to a user. */
export function configuredToken(tokenHash: TokenHash, userId: UserId): ValidToken {
  const tokenId = firstIdOf(tokenHash);
  return {
    ...NO_TERMS,
    tokenHash,
    tokenId,
    userId,
    createdAtMs: null,
    lastUsedAtMs: null,
    descendsFrom: null,
    exchanged: false,
    browser: null,
  };
}

type BrowserColumns = Pick<TokenRow, 'kind' | 'userAgent' | 'address' | 'openedWith'>;

function browserColumns(browser: BrowserFacts | null): BrowserColumns {
  if (browser === null) return { kind: null, userAgent: null, address: null, openedWith: null };
  return { kind: 'browser', ...browser };
}

function browserOf({ kind, userAgent, address, openedWith }: BrowserColumns): BrowserFacts | null {
  return kind === null ? null : { userAgent, address, openedWith: openedWith as TokenId | null };
}
