import type { Command } from 'commander';
import { explained } from '../shared/help.js';
import { runConfigured, withConfigOptions, type ConfigOptions } from './config-options.js';
import { EXIT } from '../shared/exit-codes.js';

/** The commands that hand out and end tokens on the server's machine, while the server runs or not. */
export function addTokenCommands(program: Command): void {
  const token = program.command('token').description("hand out and end tokens, on the server's machine");
  addCreate(token);
  addList(token);
  addRevoke(token);
}

function addCreate(token: Command): void {
  const create = withConfigOptions(token.command('create'))
    .description('make a token for a user, who is made if there is none, and print it')
    .argument('<user>', 'a login, or one with where the account comes from, such as github:ada')
    .option('--json', 'answer in JSON, for programs')
    .action((user: string, options: ConfigOptions & { json?: boolean }) =>
      runConfigured(options, async (config) =>
        (await import('./token.js')).createToken(config, user, options),
      ),
    );
  explained(create, { examples: ['octostore token create ci', 'octostore token create ci > ci.token'] });
}

function addList(token: Command): void {
  const list = withConfigOptions(token.command('list'))
    .description('show all valid tokens, without their texts')
    .option('--user <user>', 'only those of this user')
    .option('--json', 'answer in JSON, for programs')
    .action((options: ConfigOptions & { user?: string; json?: boolean }) =>
      runConfigured(options, async (config) => (await import('./token.js')).listTokens(config, options)),
    );
  explained(list, { examples: ['octostore token list --user github:ada'] });
}

function addRevoke(token: Command): void {
  const revoke = withConfigOptions(token.command('revoke'))
    .description('end tokens at once and for good')
    .argument('[id...]', 'as "octostore token list" shows them')
    .option('--user <user>', 'all tokens of this user')
    .action((ids: string[], options: ConfigOptions & { user?: string }, command: Command) => {
      const { user } = options;
      if (ids.length === 0 && user === undefined) {
        command.error('error: say which tokens, by their ids or with --user', { exitCode: EXIT.usage });
      }
      return runConfigured(options, async (config) =>
        (await import('./token.js')).revokeTokens(config, ids, user),
      );
    });
  explained(revoke, {
    examples: ['octostore token revoke ba7816bf8f01cfea', 'octostore token revoke --user github:ada'],
    exits: { 66: 'there is no such token or user' },
  });
}
