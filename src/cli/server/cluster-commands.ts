import type { Command } from 'commander';
import type { Config } from '../../config/config.js';
import { withHelp } from '../shared/help.js';
import { runConfigured, withConfigOptions, type ConfigOptions } from './config-options.js';
import type { ClusterDesk } from './installation/installation.js';

/** These commands are for several servers on one PostgreSQL database. They need the database, and no running server. */
export function addClusterCommands(program: Command): void {
  const cluster = program
    .command('cluster')
    .description('show the servers of a PostgreSQL database, and make an upgrade final');
  addStatus(cluster);
  addFinalize(cluster);
}

function addStatus(cluster: Command): void {
  const status = withConfigOptions(cluster.command('status'))
    .description('show which servers use the database, which one leads, and the last changes of the leader')
    .option('--json', 'print JSON, for programs')
    .action((options: ConfigOptions & { json?: boolean }) =>
      runConfigured(options, async (config) => (await deskOf(config)).showStatus(options.json === true)),
    );
  withHelp(status, { examples: ['octostore cluster status', 'octostore cluster status --json'] });
}

function addFinalize(cluster: Command): void {
  const finalize = withConfigOptions(cluster.command('finalize'))
    .description('allow what only the new version can read, once all servers run it; you cannot go back then')
    .action((options: ConfigOptions) =>
      runConfigured(options, async (config) => (await deskOf(config)).finalize()),
    );
  withHelp(finalize, {
    examples: ['octostore cluster finalize'],
    exits: { 75: 'a server still runs an older version' },
  });
}

async function deskOf(config: Config): Promise<ClusterDesk> {
  const { findInstallation } = await import('./installation/find-installation.js');
  return (await findInstallation(config)).cluster();
}
