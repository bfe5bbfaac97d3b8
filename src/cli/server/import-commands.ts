import type { Command } from 'commander';
import { withHelp } from '../shared/help.js';
import { runConfigured, withConfigOptions, type ConfigOptions } from './config-options.js';

interface Options extends ConfigOptions {
  readonly fromUpstream: string;
  readonly dryRun?: boolean;
}

/** `octostore import`. No server may run on either database. */
export function addImportCommand(program: Command): void {
  const command = withConfigOptions(program.command('import'))
    .description('take users, tokens, webhooks and the fencing counter over into a new database')
    .requiredOption('--from-upstream <file>', 'the SQLite file of the upstream server, which must be stopped')
    .option('--dry-run', 'only show what would be taken over, and what not and why')
    .action((options: Options) =>
      runConfigured(options, async (config) => {
        const { importUpstream } = await import('./import/import-upstream.js');
        await importUpstream(config, options);
      }),
    );
  withHelp(command, {
    examples: [
      'octostore import --from-upstream old/octostore.db --dry-run',
      'octostore import --from-upstream old/octostore.db --database new.db',
    ],
    exits: {
      73: 'one of the databases cannot be used: it is in use, has been used, or is of another program',
    },
  });
}
