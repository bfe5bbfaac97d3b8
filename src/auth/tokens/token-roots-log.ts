import { Logger } from '@nestjs/common';
import type { TokenRow } from '../../journal/rows/token-row.js';
import type { ValidToken } from './token-registry.js';
import { UNKNOWN_ROOT } from './token-roots.js';

type LoginOf = (userId: string) => string;

const logger = new Logger('TokenRoots');

/** Tells whose tokens a start has ended because of what they descend from. */
export function logEnded(rows: readonly TokenRow[], loginOf: LoginOf): void {
  logger.warn({
    message:
      'Ended for good what was rotated from tokens that STATIC_TOKENS and STATIC_TOKENS_FILE no longer give to these users, ' +
      'and what may have been rotated from them by an earlier version, which kept no record',
    users: loginsOf(rows, loginOf),
    tokens: rows.length,
  });
}

/** Tells who has tokens of unknown root, if anybody. */
export function logUnknownRoots(valid: readonly ValidToken[], loginOf: LoginOf): void {
  const tokens = valid.filter(({ descendsFrom }) => descendsFrom === UNKNOWN_ROOT);
  if (tokens.length === 0) return;
  logger.log({
    message:
      'These users have tokens that an earlier version may have rotated from one in STATIC_TOKENS. They end when any token of ' +
      'the user that was rotated or revoked is no longer configured',
    users: loginsOf(tokens, loginOf),
    tokens: tokens.length,
  });
}

function loginsOf(tokens: readonly { readonly userId: string }[], loginOf: LoginOf): string[] {
  return [...new Set(tokens.map(({ userId }) => loginOf(userId)))];
}
