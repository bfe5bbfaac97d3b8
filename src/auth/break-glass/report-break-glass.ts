import { Logger } from '@nestjs/common';
import type { UserId } from '../../core/model/ids.js';
import type { ValidToken } from '../tokens/valid-token.js';
import type { UserDirectory } from '../user-directory.js';
import { BREAK_GLASS } from './break-glass.js';

/** Operators know these log lines by this context. */
const logger = new Logger('BreakGlass');

/** Logs the tokens for emergencies that are valid when a server begins to lead. No server may have been running when they were made. */
export function reportBreakGlass(
  users: UserDirectory,
  validTokensOf: (userId: UserId) => ValidToken[],
): void {
  const user = users.find(BREAK_GLASS.provider, BREAK_GLASS.subject);
  if (user === null) return;
  for (const { tokenId, label, expiresAtMs } of validTokensOf(user.userId as UserId)) {
    logger.warn({
      message: 'A token of an administrator for an emergency is valid',
      tokenId,
      expiresAt: new Date(expiresAtMs ?? 0).toISOString(),
      reason: label,
    });
  }
}
