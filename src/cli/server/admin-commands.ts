import type { Command } from 'commander';
import { lifetime } from '../shared/durations.js';
import { withHelp } from '../shared/help.js';
import type { AdminTokenOptions } from './admin-token.js';
import { runConfigured, withConfigOptions, type ConfigOptions } from './config-options.js';

interface Options extends ConfigOptions {
  readonly user?: string;
  readonly json?: boolean;
}

/** The settings of sign-ins. A mistake in one of them must not keep an operator out in an emergency. */
const SIGN_INS = /^(ADMIN_|EXCHANGE_|GITHUB_|MEMBERSHIP_|METRICS_KEY|OIDC_|STATIC_TOKENS|TRUSTED_ISSUER)/;

const AS_JSON = ['--json', 'print JSON, for programs'] as const;

/** What operators can do on the machine of a server, even if no one can sign in. */
export function addAdminCommands(program: Command): void {
  const admin = program
    .command('admin')
    .description("act as an administrator on the server's machine, even if no one can sign in")
    .action(() => admin.outputHelp());
  admin.addHelpText('after', OTHERS);
  addToken(admin);
  const webhook = admin.command('webhook').description('manage the webhooks of all users');
  addList(webhook);
  addChange(webhook, 'suspend', 'stop calling a webhook until you resume it');
  addChange(webhook, 'resume', 'call a suspended webhook again, for events from now on');
  addDelete(webhook);
}

const OTHERS = `
These commands also work here without any sign-in:
  octostore token create USER          create a token for a user; also list and revoke
  octostore policy show                read and change the access policy
  octostore service list               manage service accounts`;

function addToken(admin: Command): void {
  const token = withConfigOptions(admin.command('token'))
    .description('create a token of an administrator that expires soon, with the server running or stopped')
    .option('--for <time>', 'how long it lasts, from 1m to 1h (default: 15m)', lifetime)
    .option('--reason <text>', 'why you need it; it becomes the label of the token')
    .option(...AS_JSON)
    .action((options: ConfigOptions & AdminTokenOptions) =>
      runConfigured(
        options,
        async (config) => (await import('./admin-token.js')).createAdminToken(config, options),
        SIGN_INS,
      ),
    );
  withHelp(token, { examples: ["octostore admin token --for 30m --reason 'GitHub is down'"] });
}

function addList(webhook: Command): void {
  const list = withConfigOptions(webhook.command('list'))
    .description('list all webhooks, with their owners and states')
    .option('--user <user>', 'only webhooks of this user, such as github:ada')
    .option(...AS_JSON)
    .action((options: Options) =>
      runConfigured(options, async (config) =>
        (await import('./admin-webhook.js')).listWebhooks(config, options),
      ),
    );
  withHelp(list, { examples: ['octostore admin webhook list --user github:ada'] });
}

function addChange(webhook: Command, verb: 'suspend' | 'resume', description: string): void {
  const change = withConfigOptions(webhook.command(verb))
    .description(description)
    .argument('<id>', 'as "octostore admin webhook list" shows it')
    .option(...AS_JSON)
    .action((id: string, options: Options) =>
      runConfigured(options, async (config) =>
        (await import('./admin-webhook.js')).changeWebhook(config, id, verb, options),
      ),
    );
  withHelp(change, {
    examples: [`octostore admin webhook ${verb} "$WEBHOOK"`],
    exits: { 66: 'there is no such webhook' },
  });
}

function addDelete(webhook: Command): void {
  const remove = withConfigOptions(webhook.command('delete'))
    .description('delete a webhook and its deliveries')
    .argument('<id>', 'as "octostore admin webhook list" shows it')
    .action((id: string, options: ConfigOptions) =>
      runConfigured(options, async (config) =>
        (await import('./admin-webhook.js')).deleteWebhook(config, id),
      ),
    );
  withHelp(remove, {
    examples: ['octostore admin webhook delete "$WEBHOOK"'],
    exits: { 66: 'there is no such webhook' },
  });
}
