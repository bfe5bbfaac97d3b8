import { Logger } from '@nestjs/common';
import type { ScopeGrant } from '../../access/scope/scope-grants.js';
import type { TokenDesk } from '../../auth/tokens/token-desk.js';
import type { TokenFacts } from '../../auth/tokens/token-facts.js';
import type { Config } from '../../config/config.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import { table } from '../shared/output.js';
import { scopeText } from '../shared/scope.js';
import { findInstallation } from './installation/find-installation.js';

interface Output {
  /** Print one JSON document instead of text. */
  readonly json?: boolean;
}

export interface CreateOptions extends Output {
  readonly label?: string;
  /** Seconds. */
  readonly expiresIn?: number;
  readonly scope?: readonly ScopeGrant[];
}

/** `octostore token create USER`: the token alone on standard output. */
export async function createToken(
  config: Config,
  user: string,
  { json = false, label, expiresIn, scope }: CreateOptions,
): Promise<void> {
  const made = await atDesk(config, (desk) =>
    desk.create(user, { label, expires_in_seconds: expiresIn, scopes: scope }),
  );
  if (json) return write(JSON.stringify(made));
  process.stderr.write(`Created a token for ${made.user}, with the id ${made.id}. It is shown only once:\n`);
  write(made.token);
}

/** `octostore token list` */
export async function listTokens(
  config: Config,
  { user, json = false }: Output & { readonly user?: string },
): Promise<void> {
  const tokens = await atDesk(config, (desk) => desk.list(user));
  if (json) return write(JSON.stringify({ tokens }));
  if (tokens.length === 0) return write('There are no valid tokens.');
  write(tableOf(tokens));
}

/** `octostore token revoke ID...`, or all tokens of a user. */
export async function revokeTokens(
  config: Config,
  ids: readonly string[],
  user: string | undefined,
): Promise<void> {
  await atDesk(config, async (desk) => {
    const unknown: string[] = [];
    for (const id of ids) if (!(await revoke(desk, id))) unknown.push(id);
    if (user !== undefined) await revokeAllOf(desk, user);
    if (unknown.length > 0)
      throw new OctoStoreError('token_not_found', { details: `Unknown: ${unknown.join(', ')}` });
  });
}

async function revokeAllOf(desk: TokenDesk, user: string): Promise<void> {
  const revoked = await desk.revokeAllOf(user);
  if (revoked.length === 0) write(`${user} has no valid token.`);
  for (const { id } of revoked) write(`Revoked ${id}.`);
}

/** Returns whether there was such a token. */
async function revoke(desk: TokenDesk, id: string): Promise<boolean> {
  try {
    await desk.revoke(id);
  } catch (error) {
    if (error instanceof OctoStoreError && error.code === 'token_not_found') return false;
    throw error;
  }
  write(`Revoked ${id}.`);
  return true;
}

/** See `Installation.useTokens`. */
async function atDesk<T>(config: Config, use: (desk: TokenDesk) => Promise<T>): Promise<T> {
  // Log lines of the server do not belong in the output of a command.
  Logger.overrideLogger(false);
  return (await findInstallation(config)).useTokens(use);
}

function tableOf(tokens: readonly TokenFacts[]): string {
  return table(
    ['id', 'created', 'user', 'label', 'expires', 'last used', 'scopes'],
    tokens.map(({ id, kind, created_at, user, label, expires_at, last_used_at, scopes }) => [
      id,
      created_at ?? 'configured',
      user,
      kind === 'browser_session' ? 'browser session' : label,
      expires_at,
      last_used_at,
      scopeText(scopes),
    ]),
  );
}

function write(text: string): void {
  process.stdout.write(`${text}\n`);
}
