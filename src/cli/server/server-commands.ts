import type { Command } from 'commander';
import type { Config } from '../../config/config.js';
import { EXIT } from '../shared/exit-codes.js';
import { runConfigured, withConfigOptions, type ConfigOptions } from './config-options.js';

/** The commands that run the server or manage its database. */
export function addServerCommands(program: Command): void {
  withConfigOptions(program.command('serve', { isDefault: true }))
    .description('run the server (the default)')
    // Commander takes an unknown command for an argument of the default one.
    .allowExcessArguments()
    .action(async (options: ConfigOptions, { args }: Command) => {
      if (args[0] !== undefined) refuseUnknown(program, args[0]);
      await runConfigured(options, serveWith);
    });
  withConfigOptions(program.command('backup'))
    .description('write a verified copy of the SQLite database, with the server running or stopped')
    .argument('<file>', 'the file to write; it must not exist yet')
    .action((file: string, options: ConfigOptions) =>
      runConfigured(options, (config) => backUpWith(config, file)),
    );
  withConfigOptions(program.command('restore'))
    .description('replace the database with a backup; the server must be stopped')
    .argument('[file]', 'the backup. None for PostgreSQL: restore it first, then run this')
    .action((file: string | undefined, options: ConfigOptions) =>
      runConfigured(options, (config) => restoreWith(config, file)),
    );
  addMigrate(program);
}

function addMigrate(program: Command): void {
  program
    .command('migrate')
    .description(
      'move everything from a SQLite file to PostgreSQL or back; no server may be running on either',
    )
    .requiredOption('--from <database>', 'the database to move from')
    .requiredOption('--to <database>', 'an empty database to move to')
    .option('--env-file <path>', 'a file of settings (default: .env in this folder, if it exists)')
    .action(async ({ from, to, envFile }: { from: string; to: string; envFile?: string }) => {
      const { routeOf } = await import('./migrate/route.js');
      const route = routeOf({ from, to });
      await runConfigured({ envFile, database: route.postgres }, async (config) => {
        const { migrate } = await import('./migrate/migrate.js');
        await migrate(config, route);
      });
    });
}

function refuseUnknown(program: Command, command: string): never {
  program.error(`error: unknown command '${command}'. See "octostore --help".`, { exitCode: EXIT.usage });
}

/** Loads the server's code, which takes a while, only when it is clear that the server can run. */
async function serveWith(config: Config): Promise<void> {
  const { findInstallation } = await import('./installation/find-installation.js');
  const installation = await findInstallation(config);
  await installation.checkBeforeStart();
  const { serve } = await import('./serve.js');
  await serve(config, installation);
}

async function backUpWith(config: Config, file: string): Promise<void> {
  const { findInstallation } = await import('./installation/find-installation.js');
  await (await findInstallation(config)).backUp(file);
}

async function restoreWith(config: Config, file: string | undefined): Promise<void> {
  const { findInstallation } = await import('./installation/find-installation.js');
  await (await findInstallation(config)).restore(file);
}
