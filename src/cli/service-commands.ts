import type { Command } from 'commander';
import { addOwnedServices } from './client/service/service-token-commands.js';
import { addServiceAdministration } from './server/service-commands.js';

/** `octostore service ...`: administrators create service accounts, and their owners create their tokens. */
export function addServiceCommands(program: Command): void {
  const service = program.command('service').description('manage accounts of programs, and their tokens');
  addServiceAdministration(service);
  addOwnedServices(service);
}
