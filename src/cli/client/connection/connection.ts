import { checkedBaseUrl, OctoStoreClient, RULES } from '@octostore/client';
import { Option, type Command } from 'commander';
import { EXIT } from '../../shared/exit-codes.js';
import { CommandFailure } from '../failure.js';
import { lastServer, rememberedToken } from './credentials.js';
import { readSharedTokenFile, readTokenFile } from './token-file.js';

/** Which server to send requests to, and with which token. */
export interface ConnectionOptions {
  readonly url?: string;
  readonly tokenFile?: string;
  readonly sharedTokenFile?: string;
}

/** Adds the option that names the server. */
export function withUrl(command: Command): Command {
  return command.option(
    '--url <url>',
    `the server (default: $OCTOSTORE_BASE_URL, else the server of the last login, else ${RULES.default_base_url})`,
  );
}

/** Adds the options that name the server and the token. */
export function withConnection(command: Command): Command {
  return withUrl(command)
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
  const baseUrl = serverUrl(options);
  const token = tokenFor(baseUrl, options);
  if (token !== undefined) return new OctoStoreClient({ baseUrl, token });
  throw new CommandFailure(
    `There is no token for ${baseUrl}. Run "octostore login", or give one with --token-file or OCTOSTORE_TOKEN.`,
    EXIT.notPermitted,
  );
}

/** The base URL of the server. If it is not valid, throws the SDK's error. */
export function serverUrl({ url }: Pick<ConnectionOptions, 'url'>): string {
  const { OCTOSTORE_BASE_URL } = process.env;
  return checkedBaseUrl(url ?? (OCTOSTORE_BASE_URL || lastServer()) ?? RULES.default_base_url);
}

function tokenFor(baseUrl: string, { tokenFile, sharedTokenFile }: ConnectionOptions): string | undefined {
  if (tokenFile !== undefined) return readTokenFile(tokenFile);
  if (sharedTokenFile !== undefined) return readSharedTokenFile(sharedTokenFile);
  return process.env['OCTOSTORE_TOKEN'] || rememberedToken(baseUrl);
}
