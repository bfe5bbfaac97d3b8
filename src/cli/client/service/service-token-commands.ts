import type { ServiceAccount, Token, TokenScope } from '@octostore/client';
import type { Command } from 'commander';
import { expiresInOption } from '../../shared/expires-in.js';
import { withHelp } from '../../shared/help.js';
import { table } from '../../shared/output.js';
import { scopeOption } from '../../shared/scope.js';
import { runClient } from '../action.js';
import { clientCommand, type ClientOptions } from '../client-command.js';
import { connect } from '../connection/connection.js';

interface CreateOptions extends ClientOptions {
  readonly label: string;
  readonly expiresIn?: number;
  readonly scope?: readonly TokenScope[];
}

const NOT_YOURS = { 66: 'there is no such service account, or you are not one of its owners' };

/** The commands of `octostore service` for owners. */
export function addOwnedServices(service: Command): void {
  addMine(service);
  const token = service
    .command('token')
    .description('create, list and revoke tokens of a service account that you own');
  addCreate(token);
  addList(token);
  addRevoke(token);
}

function addMine(service: Command): void {
  const mine = clientCommand(service, 'mine', 'list the service accounts that you own').action(
    (options: ClientOptions) =>
      runClient(options, async (output) => {
        const serviceAccounts = await connect(options).serviceAccounts.list();
        output.show({ serviceAccounts }, () => describeServices(serviceAccounts));
      }),
  );
  withHelp(mine, { examples: ['octostore service mine'] });
}

function addCreate(token: Command): void {
  const create = clientCommand(token, 'create', 'create a token for a service account, and print it')
    .argument('<name>', 'the name of the service account')
    .requiredOption('--label <text>', 'a name for the token, to tell it from the others of the account')
    .addOption(expiresInOption())
    .addOption(scopeOption())
    .action(
      (name: string, { label, expiresIn: expiresInSeconds, scope: scopes, ...options }: CreateOptions) =>
        runClient(options, async (output) => {
          const { serviceAccounts } = connect(options);
          const made = await serviceAccounts.createToken(name, label, { expiresInSeconds, scopes });
          output.show(made, () => {
            process.stderr.write(`Created a token with the id ${made.id}. It is shown only once:\n`);
            return made.token;
          });
        }),
    );
  withHelp(create, {
    examples: [
      'octostore service token create ci --label deploy --expires-in 90d > ci.token',
      "octostore service token create ci --label nightly --scope 'acquire:nightly/*' > ci.token",
    ],
    exits: NOT_YOURS,
  });
}

function addList(token: Command): void {
  const list = clientCommand(token, 'list', 'list the valid tokens of a service account')
    .argument('<name>', 'the name of the service account')
    .action((name: string, options: ClientOptions) =>
      runClient(options, async (output) => {
        const tokens = await connect(options).serviceAccounts.listTokens(name);
        output.show({ tokens }, () => describeTokens(tokens));
      }),
    );
  withHelp(list, { examples: ['octostore service token list ci'], exits: NOT_YOURS });
}

function addRevoke(token: Command): void {
  const revoke = clientCommand(token, 'revoke', 'revoke a token of a service account at once and for good')
    .argument('<name>', 'the name of the service account')
    .argument('<id>', 'the id, as "octostore service token list" shows it')
    .action((name: string, id: string, options: ClientOptions) =>
      runClient(options, async (output) => {
        await connect(options).serviceAccounts.revokeToken(name, id);
        output.show({ status: 'revoked', id }, () => `revoked ${id}`);
      }),
    );
  withHelp(revoke, {
    examples: ['octostore service token revoke ci ba7816bf8f01cfea'],
    exits: { 66: 'there is no such token, or you are not an owner of the service account' },
  });
}

function describeServices(services: readonly ServiceAccount[]): string {
  return table(
    ['account', 'created', 'owners'],
    services.map(({ user, createdAt, owners }) => [
      user,
      createdAt,
      owners.map((owner) => owner.user).join(', '),
    ]),
  );
}

function describeTokens(tokens: readonly Token[]): string {
  return table(
    ['id', 'label', 'created', 'expires', 'last used'],
    tokens.map(({ id, label, createdAt, expiresAt, lastUsedAt }) => [
      id,
      label,
      createdAt,
      expiresAt,
      lastUsedAt,
    ]),
  );
}
