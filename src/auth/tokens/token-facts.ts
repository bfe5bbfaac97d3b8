import type { ScopeGrant } from '../../access/scope/scope-grants.js';
import type { UserRow } from '../../journal/rows/user-row.js';
import type { ValidToken } from './valid-token.js';

/** A valid token, as its owner sees it. Times are in ISO 8601. */
export interface OwnTokenFacts {
  /** Identifies the token. It cannot be used to sign in. A rotation keeps it. */
  readonly id: string;
  /** The owner's name for the token. */
  readonly label: string | null;
  /** Null if the token comes from the configuration. */
  readonly created_at: string | null;
  /** Null if the token does not expire. */
  readonly expires_at: string | null;
  /** To the hour, or to the minute if it is a browser session. Null if it was never used. */
  readonly last_used_at: string | null;
  /** What it may do at most. Null if it may do as much as its owner. */
  readonly scopes: ScopeGrant[] | null;
}

/** A valid token, as administrators see it. */
export interface TokenFacts extends OwnTokenFacts {
  readonly kind: 'token' | 'browser_session';
  /** The source of the account, and its login. */
  readonly user: string;
  readonly user_id: string;
}

export function ownFactsOf(token: ValidToken): OwnTokenFacts {
  return {
    id: token.tokenId,
    label: token.label,
    created_at: timeOf(token.createdAtMs),
    expires_at: timeOf(token.expiresAtMs),
    last_used_at: timeOf(token.lastUsedAtMs),
    scopes: token.scope === null ? null : [...token.scope.grants],
  };
}

export function factsOf(token: ValidToken, user: Readonly<UserRow>): TokenFacts {
  const kind = token.browser === null ? 'token' : 'browser_session';
  return { ...ownFactsOf(token), kind, user: qualifiedLogin(user), user_id: user.userId };
}

/** How administrators name an account: its source and its login, such as `github:ada`. A subject of an issuer is named as policies name it. */
export function qualifiedLogin({
  provider,
  login,
  subject,
}: Pick<UserRow, 'provider' | 'login' | 'subject'>): string {
  return `${provider}:${provider === 'oidc' ? subject : login}`;
}

function timeOf(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
