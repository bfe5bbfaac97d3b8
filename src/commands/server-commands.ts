import type { Command } from 'commander';
import type { Config } from '../config/config.js';
import { EXIT } from './exit-codes.js';
import { withConfig } from './with-config.js';

/** The commands that run the server or handle its database. */
export function addServerCommands(program: Command): void {
  program
    .command('serve', { isDefault: true })
    .description('run the server (the default)')
    // What is no command is taken for an argument of the default one.
    .allowExcessArguments()
    .action(async (_options: object, { args }: Command) => {
      if (args[0] !== undefined) refuseUnknown(program, args[0]);
      await withConfig(serveWith);
    });
  program
    .command('backup')
    .description('write a verified copy of the database, while the server runs or not')
    .argument('<file>', 'where to write it; must not exist yet')
    .action((file: string) =>
      withConfig(async (config) => (await import('./backup.js')).backUp(config, file)),
    );
  program
    .command('restore')
    .description('put a backup in the place of the database; the server must be stopped')
    .argument('<file>', 'the backup')
    .action((file: string) =>
      withConfig(async (config) => (await import('./restore.js')).restore(config, file)),
    );
}

function refuseUnknown(program: Command, command: string): never {
  program.error(`error: unknown command '${command}'. See "octostore --help".`, { exitCode: EXIT.usage });
}

/** Loads the server's parts, which takes a while, only when it is clear that it can run. */
async function serveWith(config: Config): Promise<void> {
  const { checkDatabase } = await import('../store/sqlite/database-file.js');
  const { ProcessLock } = await import('../store/sqlite/process-lock.js');
  await checkDatabase(config.DATABASE_URL);
  await ProcessLock.probe(config.DATABASE_URL);
  const { serve } = await import('./serve.js');
  await serve(config);
}
