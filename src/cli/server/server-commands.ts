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
    .description('write a verified copy of the database, with the server running or stopped')
    .argument('<file>', 'the file to write; it must not exist yet')
    .action((file: string, options: ConfigOptions) =>
      runConfigured(options, async (config) => (await import('./backup.js')).backUp(config, file)),
    );
  withConfigOptions(program.command('restore'))
    .description('replace the database with a backup; the server must be stopped')
    .argument('<file>', 'the backup')
    .action((file: string, options: ConfigOptions) =>
      runConfigured(options, async (config) => (await import('./restore.js')).restore(config, file)),
    );
}

function refuseUnknown(program: Command, command: string): never {
  program.error(`error: unknown command '${command}'. See "octostore --help".`, { exitCode: EXIT.usage });
}

/** Loads the server's code, which takes a while, only when it is clear that the server can run. */
async function serveWith(config: Config): Promise<void> {
  const { locateDatabase } = await import('../../installation/database-location.js');
  const { databaseFileAt } = await import('../../journal/database-file-at.js');
  if (config.BACKUP_DIR !== undefined) await checkBackupFolder(config.BACKUP_DIR);
  const location = await locateDatabase(config.DATABASE_URL);
  const file = databaseFileAt(location);
  await file.check();
  await file.checkIsFree();
  const { serve } = await import('./serve.js');
  await serve(config, location);
}

/** Runs before the database is opened, so that nothing has changed if it throws. */
async function checkBackupFolder(path: string): Promise<void> {
  const { BackupFolder } = await import('../../store/backup/backup-folder.js');
  BackupFolder.open(path);
}
