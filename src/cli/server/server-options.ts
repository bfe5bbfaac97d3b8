import { Option, type Command } from 'commander';
import { withConfigOptions, type ConfigOptions } from './config-options.js';

/** Where the running server is, and how to print. */
export interface ServerOptions extends ConfigOptions {
  /** A server elsewhere. Otherwise the one that the configuration names. */
  readonly url?: string;
  readonly json?: boolean;
}

/** Adds the options that choose a running server, and `--json`. */
export function withServer(command: Command): Command {
  return withConfigOptions(command)
    .addOption(
      new Option(
        '--url <url>',
        'a server elsewhere, with the admin key or the token of an administrator in $OCTOSTORE_ADMIN_KEY',
      ),
    )
    .option('--json', 'print JSON, for programs');
}
