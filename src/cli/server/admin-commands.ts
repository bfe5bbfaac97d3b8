import type { Command } from 'commander';
import { withHelp } from '../shared/help.js';
import { runConfigured, withConfigOptions, type ConfigOptions } from './config-options.js';

interface Options extends ConfigOptions {
  readonly user?: string;
  readonly json?: boolean;
}

const AS_JSON = ['--json', 'print JSON, for programs'] as const;

/** The commands with which operators manage what belongs to other users, on the machine of a running server. */
export function addAdminCommands(program: Command): void {
  const admin = program
    .command('admin')
    .description('manage what belongs to other users, on the machine of a running server');
  const webhook = admin.command('webhook').description('manage the webhooks of all users');
  addList(webhook);
  addChange(webhook, 'suspend', 'stop calling a webhook until you resume it');
  addChange(webhook, 'resume', 'call a suspended webhook again, for events from now on');
  addDelete(webhook);
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
