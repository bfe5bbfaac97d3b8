import { NotFoundError, type Me, type Token, type TokenScope } from '@octostore/client';
import type { Command } from 'commander';
import { EXIT } from '../../shared/exit-codes.js';
import { expiresInOption } from '../../shared/expires-in.js';
import { withHelp } from '../../shared/help.js';
import { fields, table } from '../../shared/output.js';
import { scopeOption, scopeText } from '../../shared/scope.js';
import { runClient } from '../action.js';
import { clientCommand, type ClientOptions } from '../client-command.js';
import { connect } from '../connection/connection.js';
import { CommandFailure } from '../failure.js';

/** `octostore whoami` and `octostore my-token ...`. */
export function addAccountCommands(program: Command): void {
  addWhoAmI(program);
  const token = program.command('my-token').description('create, list and revoke your own tokens');
  addCreate(token);
  addList(token);
  addRevoke(token);
}

function addWhoAmI(program: Command): void {
  const command = clientCommand(program, 'whoami', 'show your account and the token that you use').action(
    (options: ClientOptions) =>
      runClient(options, async (output) => {
        const me = await connect(options).tokens.me();
        output.show(me, () => describeMe(me));
      }),
  );
  withHelp(command, { examples: ['octostore whoami'] });
}

function addCreate(token: Command): void {
  const command = clientCommand(token, 'create', 'create a token for a program or machine, and print it')
    .argument('<label>', 'your name for the token, to tell it from the others')
    .addOption(expiresInOption())
    .addOption(scopeOption())
    .action((label: string, { expiresIn: expiresInSeconds, scope: scopes, ...options }: CreateOptions) =>
      runClient(options, async (output) => {
        const made = await connect(options).tokens.create(label, { expiresInSeconds, scopes });
        output.show(made, () => {
          process.stderr.write(`Created a token with the id ${made.id}. It is shown only once:\n`);
          return made.token;
        });
      }),
    );
  withHelp(command, {
    examples: [
      'octostore my-token create backup-job --expires-in 90d > backup.token',
      "octostore my-token create dashboard --scope 'observe:billing/*' > dashboard.token",
    ],
  });
}

function addList(token: Command): void {
  const command = clientCommand(token, 'list', 'list your valid tokens').action((options: ClientOptions) =>
    runClient(options, async (output) => {
      const tokens = await connect(options).tokens.list();
      output.show({ tokens }, () => describeTokens(tokens));
    }),
  );
  withHelp(command, { examples: ['octostore my-token list'] });
}

function addRevoke(token: Command): void {
  const command = clientCommand(token, 'revoke', 'revoke one of your tokens at once and for good')
    .argument('<id>', 'the id, as "octostore my-token list" shows it')
    .action((id: string, options: ClientOptions) =>
      runClient(options, async (output) => {
        await revoke(id, options);
        output.show({ status: 'revoked', id }, () => `revoked ${id}`);
      }),
    );
  withHelp(command, {
    examples: ['octostore my-token revoke ba7816bf8f01cfea'],
    exits: { 66: 'you have no such token' },
  });
}

async function revoke(id: string, options: ClientOptions): Promise<void> {
  try {
    await connect(options).tokens.revoke(id);
  } catch (cause) {
    if (!(cause instanceof NotFoundError)) throw cause;
    throw new CommandFailure(
      'You have no such token. "octostore my-token list" shows your tokens.',
      EXIT.notFound,
      { cause },
    );
  }
}

interface CreateOptions extends ClientOptions {
  readonly expiresIn?: number;
  readonly scope?: readonly TokenScope[];
}

function describeMe({ user, userId, isAdministrator, token }: Me): string {
  return fields({
    user,
    'user id': userId,
    administrator: isAdministrator ? 'yes' : 'no',
    token: token.id,
    label: token.label,
    'expires at': token.expiresAt,
    scopes: scopeText(token.scopes),
  });
}

function describeTokens(tokens: readonly Token[]): string {
  return table(
    ['id', 'label', 'created', 'expires', 'last used', 'scopes'],
    tokens.map(({ id, label, createdAt, expiresAt, lastUsedAt, scopes }) => [
      id,
      label,
      createdAt,
      expiresAt,
      lastUsedAt,
      scopeText(scopes),
    ]),
  );
}
