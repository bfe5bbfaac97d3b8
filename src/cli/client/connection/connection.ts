import { checkedBaseUrls, RULES, type OctoStoreClient } from '@octostore/client';
import { Option, type Command } from 'commander';
import { seconds } from '../../shared/durations.js';
import { clientWith, type Access } from './access.js';
import { lastServer } from './credentials.js';
import { storedToken } from './stored-token.js';
import { readSharedTokenFile, readTokenFile } from './token-file.js';

/** Which servers to send requests to, and with which token. */
export interface ConnectionOptions {
  readonly url?: string;
  readonly tokenFile?: string;
  readonly sharedTokenFile?: string;
  /** Seconds that a request may take in all. */
  readonly timeout?: number;
}

/** Adds the option that names the servers. */
export function withUrl(command: Command): Command {
  return command.option(
    '--url <url>',
    `the server, or several separated by commas: if one fails, the next is used (default: $OCTOSTORE_BASE_URL, else the server of the last login, else ${RULES.default_base_url})`,
  );
}

/** Adds how long requests may take. */
export function withTimeout(command: Command): Command {
  const { timeout_ms_default: defaultMs } = RULES;
  return command.addOption(
    new Option('--timeout <time>', 'how long a request may take, with all retries but without its wait')
      .argParser(seconds)
      .default(defaultMs / 1000, `${defaultMs / 1000}s`),
  );
}

/** Adds the options that name the servers and the token. */
export function withConnection(command: Command): Command {
  return withTimeout(withUrl(command))
    .option('--token-file <file>', 'a file with the token, accessible to its owner only')
    .addOption(
      new Option(
        '--shared-token-file <file>',
        'like --token-file, but others may read the file too, such as a mounted secret',
      ).conflicts('tokenFile'),
    );
}

/** A client with a token. Throws `CommandFailure` if there is none. */
export function connect(options: ConnectionOptions): OctoStoreClient {
  return clientWith(accessOf(options));
}

/** The servers, and the token for them. Throws `CommandFailure` if there is none. */
export function accessOf(options: ConnectionOptions): Access {
  const baseUrl = serverUrls(options);
  return { baseUrl, ...timeoutsOf(options), ...tokenFor(baseUrl, options) };
}

/** The timeouts of a client. */
export function timeoutsOf({ timeout }: Pick<ConnectionOptions, 'timeout'>): {
  readonly callTimeoutMs?: number;
} {
  return timeout === undefined ? {} : { callTimeoutMs: timeout * 1000 };
}

/** The base URLs of the servers. If one is not valid, throws the SDK's error. */
export function serverUrls({ url }: Pick<ConnectionOptions, 'url'>): [string, ...string[]] {
  const { OCTOSTORE_BASE_URL } = process.env;
  return checkedBaseUrls(url ?? (OCTOSTORE_BASE_URL || lastServer()) ?? RULES.default_base_url);
}

function tokenFor(
  urls: readonly string[],
  { tokenFile, sharedTokenFile }: ConnectionOptions,
): { readonly token: string } | { readonly oidcTokenFile: string } {
  if (tokenFile !== undefined) return { token: readTokenFile(tokenFile) };
  if (sharedTokenFile !== undefined) return { token: readSharedTokenFile(sharedTokenFile) };
  const { OCTOSTORE_TOKEN: token, OCTOSTORE_OIDC_TOKEN_FILE: oidcTokenFile } = process.env;
  if (token) return { token };
  return oidcTokenFile ? { oidcTokenFile } : { token: storedToken(urls) };
}
