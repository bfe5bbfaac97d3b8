import type { Command } from 'commander';
import { withHelp } from '../shared/help.js';
import { runConfigured, withConfigOptions, type ConfigOptions } from './config-options.js';
import { expiresInOption } from '../shared/expires-in.js';
import { scopeOption } from '../shared/scope.js';
import { EXIT } from '../shared/exit-codes.js';
import type { CreateOptions } from './token.js';

/** These commands manage tokens, with the server running or stopped. You need read access to the database folder. */
export function addTokenCommands(program: Command): void {
  const token = program
    .command('token')
    .description("create, list and revoke tokens, on the server's machine");
  addCreate(token);
  addList(token);
  addRevoke(token);
}

function addCreate(token: Command): void {
  const create = withConfigOptions(token.command('create'))
    .description('create a token for a user (and the user, if needed) and print it')
    .argument('<user>', 'a login, or a login with its provider, such as github:ada')
    .option('--label <text>', 'a name for the token, to tell it from the others of its user')
    .addOption(expiresInOption())
    .addOption(scopeOption())
    .option('--json', 'print JSON, for programs')
    .action((user: string, options: ConfigOptions & CreateOptions) =>
      runConfigured(options, async (config) =>
        (await import('./token.js')).createToken(config, user, options),
      ),
    );
  withHelp(create, {
    examples: [
      'octostore token create ci > ci.token',
      'octostore token create ci --label deploy --expires-in 90d',
      "octostore token create ci --label deploy --scope 'acquire:deploy/*'",
    ],
  });
}

function addList(token: Command): void {
  const list = withConfigOptions(token.command('list'))
    .description('list all valid tokens by their ids')
    .option('--user <user>', 'only tokens of this user')
    .option('--json', 'print JSON, for programs')
    .action((options: ConfigOptions & { user?: string; json?: boolean }) =>
      runConfigured(options, async (config) => (await import('./token.js')).listTokens(config, options)),
    );
  withHelp(list, { examples: ['octostore token list --user github:ada'] });
}

function addRevoke(token: Command): void {
  const revoke = withConfigOptions(token.command('revoke'))
    .description('revoke tokens at once and for good')
    .argument('[id...]', 'the ids, as "octostore token list" shows them')
    .option('--user <user>', 'all tokens of this user')
    .action((ids: string[], options: ConfigOptions & { user?: string }, command: Command) => {
      const { user } = options;
      if (ids.length === 0 && user === undefined) {
        command.error('error: no tokens are named. Name them by their ids or with --user.', {
          exitCode: EXIT.usage,
        });
      }
      return runConfigured(options, async (config) =>
        (await import('./token.js')).revokeTokens(config, ids, user),
      );
    });
  withHelp(revoke, {
    examples: ['octostore token revoke ba7816bf8f01cfea', 'octostore token revoke --user github:ada'],
    exits: { 66: 'there is no such token or user' },
  });
}
