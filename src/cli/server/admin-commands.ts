import type { Command } from 'commander';
import { explained } from '../shared/help.js';
import { runConfigured, withConfigOptions, type ConfigOptions } from './config-options.js';

interface Options extends ConfigOptions {
  readonly user?: string;
  readonly json?: boolean;
}

const AS_JSON = ['--json', 'answer in JSON, for programs'] as const;

/** The commands with which operators look after what belongs to others, on the machine of a running server. */
export function addAdminCommands(program: Command): void {
  const admin = program
    .command('admin')
    .description('look after what belongs to others, on the machine of a running server');
  const webhook = admin.command('webhook').description('the webhooks of all users');
  addList(webhook);
  addChange(webhook, 'suspend', 'stop calling a webhook until you resume it');
  addChange(webhook, 'resume', 'let a webhook go on that was suspended, from now on');
  addDelete(webhook);
}

function addList(webhook: Command): void {
  const list = withConfigOptions(webhook.command('list'))
    .description('show all webhooks, with their owners and states')
    .option('--user <user>', 'only those of this user, such as github:ada')
    .option(...AS_JSON)
    .action((options: Options) =>
      runConfigured(options, async (config) =>
        (await import('./admin-webhook.js')).listWebhooks(config, options),
      ),
    );
  explained(list, { examples: ['octostore admin webhook list --user github:ada'] });
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
  explained(change, {
    examples: [`octostore admin webhook ${verb} "$WEBHOOK"`],
    exits: { 66: 'there is no such webhook' },
  });
}

function addDelete(webhook: Command): void {
  const remove = withConfigOptions(webhook.command('delete'))
    .description('delete a webhook with its deliveries')
    .argument('<id>', 'as "octostore admin webhook list" shows it')
    .action((id: string, options: ConfigOptions) =>
      runConfigured(options, async (config) =>
        (await import('./admin-webhook.js')).deleteWebhook(config, id),
      ),
    );
  explained(remove, {
    examples: ['octostore admin webhook delete "$WEBHOOK"'],
    exits: { 66: 'there is no such webhook' },
  });
}
