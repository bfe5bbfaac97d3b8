import type { Command } from 'commander';
import { withHelp } from '../shared/help.js';
import { withServer, type ServerOptions } from './server-options.js';

interface OwnerOptions extends ServerOptions {
  readonly owner: string[];
}

const MISSING = { 66: 'there is no such service account or owner' };

/** The commands of `octostore service` for administrators. */
export function addServiceAdministration(service: Command): void {
  addCreate(service);
  addList(service);
  addOwners(service);
  addDelete(service);
}

function addCreate(service: Command): void {
  const create = withOwners(withServer(service.command('create')))
    .description('create an account for a program, with the people who look after it')
    .argument('<name>', 'its name, such as ci; a policy calls it service:ci')
    .action(async (name: string, options: OwnerOptions) =>
      (await import('./service.js')).createService(name, options, options),
    );
  withHelp(create, {
    examples: ['octostore service create ci --owner github:ada --owner github:grace'],
    exits: MISSING,
  });
}

function addList(service: Command): void {
  const list = withServer(service.command('list'))
    .description('list all service accounts, with their owners')
    .action(async (options: ServerOptions) => (await import('./service.js')).listServices(options));
  withHelp(list, { examples: ['octostore service list'] });
}

function addOwners(service: Command): void {
  const owners = withOwners(withServer(service.command('owners')))
    .description('replace the owners of a service account; its tokens stay valid')
    .argument('<name>', 'as "octostore service list" shows it, without service:')
    .action(async (name: string, options: OwnerOptions) =>
      (await import('./service.js')).changeOwners(name, options, options),
    );
  withHelp(owners, { examples: ['octostore service owners ci --owner github:grace'], exits: MISSING });
}

function addDelete(service: Command): void {
  const remove = withServer(service.command('delete'))
    .description('delete a service account; its tokens end at once')
    .argument('<name>', 'as "octostore service list" shows it, without service:')
    .action(async (name: string, options: ServerOptions) =>
      (await import('./service.js')).deleteService(name, options),
    );
  withHelp(remove, { examples: ['octostore service delete ci'], exits: MISSING });
}

function withOwners(command: Command): Command {
  return command.requiredOption(
    '--owner <user>',
    'an account that looks after it, such as github:ada (repeatable)',
    (owner: string, before: string[] | undefined) => [...(before ?? []), owner],
  );
}
