import type { AuditAction } from '../audit/audit-action.js';
import type { AuditTrail } from '../audit/audit-trail.js';
import type { Origin } from '../audit/origin.js';
import type { JsonObject } from '../journal/canonical-json.js';
import type { UserRow } from '../journal/rows/user-row.js';
import { qualifiedLogin } from './tokens/token-facts.js';
import type { RecordToken } from './tokens/tokens.js';
import type { ValidToken } from './tokens/valid-token.js';

/** What is done to a token. */
export type TokenAction = Extract<AuditAction, 'sign_in' | `token.${string}`>;

/** An act on a token of a user, and where it comes from. */
interface TokenAct {
  readonly action: TokenAction;
  readonly origin: Origin;
  /** The user whose token it is. Null if the account is unknown. */
  readonly user: Readonly<UserRow> | null;
  readonly details?: JsonObject;
}

/** Records what is done to tokens. */
export function tokenRecorder(trail: AuditTrail, { action, origin, user, details }: TokenAct): RecordToken {
  return (token, rows) =>
    trail.record(rows, {
      action,
      origin,
      subject: { kind: 'token', id: token.tokenId },
      outcome: 'ok',
      details: { ...ownerOf(token, user), ...details },
    });
}

function ownerOf(
  { userId, label, expiresAtMs, scope, browser }: ValidToken,
  user: Readonly<UserRow> | null,
): JsonObject {
  return {
    user_id: userId,
    user: user === null ? null : qualifiedLogin(user),
    label,
    ...(browser === null ? {} : { kind: 'browser_session', token_id: browser.openedWith }),
    expires_at: expiresAtMs === null ? null : new Date(expiresAtMs).toISOString(),
    ...(scope === null ? {} : { scopes: scope.text }),
  };
}
