import { Logger } from '@nestjs/common';
import type { NewToken } from '../../auth/tokens/token-desk.js';
import type { Config } from '../../config/config.js';
import { Output } from '../shared/output.js';
import { findInstallation } from './installation/find-installation.js';

export interface AdminTokenOptions {
  /** Seconds. */
  readonly for?: number;
  readonly reason?: string;
  readonly json?: boolean;
}

/** `octostore admin token`: the token alone on standard output. */
export async function createAdminToken(
  config: Config,
  { for: expires_in_seconds, reason, json = false }: AdminTokenOptions,
): Promise<void> {
  // Log lines of the server do not belong in the output of a command.
  Logger.overrideLogger(false);
  const installation = await findInstallation(config);
  const made = await installation.useTokens((desk) => desk.breakGlass({ expires_in_seconds, reason }));
  new Output({ json }).show(made, () => {
    process.stderr.write(explained(made));
    return made.token;
  });
}

function explained({ id, expires_at }: NewToken): string {
  return [
    `Created the token ${id} of an administrator. It is shown only once, and expires at ${expires_at}.`,
    'Use it as OCTOSTORE_ADMIN_KEY with "octostore policy --url" and "octostore service --url", or as a bearer token.',
    `When you are done, end it with "octostore token revoke ${id}".`,
    '',
  ].join('\n');
}
