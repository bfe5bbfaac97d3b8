import { Logger } from '@nestjs/common';
import type { TokenRow } from '../../journal/rows/token-row.js';
import type { ValidToken } from './valid-token.js';
import { UNKNOWN_ROOT } from './token-roots.js';

type LoginOf = (userId: string) => string;

const logger = new Logger('TokenRoots');

/** Logs the users whose tokens this start has ended because of the tokens they descend from. */
export function logEnded(rows: readonly TokenRow[], loginOf: LoginOf): void {
  logger.warn({
    message:
      'Revoked the tokens of these users that were rotated from tokens no longer in STATIC_TOKENS and STATIC_TOKENS_FILE, ' +
      'or that an earlier version, which kept no record, may have rotated from them',
    users: loginsOf(rows, loginOf),
    tokens: rows.length,
  });
}

/** Logs the users who have tokens with an unknown root, if there are any. */
export function logUnknownRoots(valid: readonly ValidToken[], loginOf: LoginOf): void {
  const tokens = valid.filter(({ descendsFrom }) => descendsFrom === UNKNOWN_ROOT);
  if (tokens.length === 0) return;
  logger.log({
    message:
      'These users have tokens that an earlier version may have rotated from one in STATIC_TOKENS. If you remove a rotated ' +
      'or revoked token of a user from the configuration, all such tokens of that user end',
    users: loginsOf(tokens, loginOf),
    tokens: tokens.length,
  });
}

function loginsOf(tokens: readonly { readonly userId: string }[], loginOf: LoginOf): string[] {
  return [...new Set(tokens.map(({ userId }) => loginOf(userId)))];
}
