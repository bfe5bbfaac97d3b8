import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { loadConfig, type Config } from '../config/config.js';
import { checkDatabase } from '../store/sqlite/database-file.js';
import { ProcessLock } from '../store/sqlite/process-lock.js';
import { VERSION } from '../version.js';
import { backUp } from './backup.js';
import { EXIT } from './exit-codes.js';
import { explain } from './explain.js';
import { restore } from './restore.js';

const ENV_FILE = '.env';

/** Runs `octostore COMMAND`; without a command it serves. */
export async function runCommand(args: readonly string[]): Promise<void> {
  // Databases, keys and backups are for their owner only.
  process.umask(0o077);
  try {
    await commandLine().parseAsync(args, { from: 'user' });
  } catch (error) {
    const { sentence, exitCode } = explain(error);
    if (sentence !== null) process.stderr.write(`octostore: ${sentence}\n`);
    process.exit(exitCode);
  }
}

function commandLine(): Command {
  const program = new Command('octostore')
    .description('Distributed locks, leader election and sessions over plain HTTP')
    .version(VERSION)
    .exitOverride();
  program
    .command('serve', { isDefault: true })
    .description('run the server (the default)')
    // What is no command is taken for an argument of the default one.
    .allowExcessArguments()
    .action(async (_options: object, { args }: Command) => {
      if (args[0] !== undefined) refuseUnknown(program, args[0]);
      await serveWith(readConfig());
    });
  program
    .command('backup')
    .description('write a verified copy of the database, while the server runs or not')
    .argument('<file>', 'where to write it; must not exist yet')
    .action((file: string) => backUp(readConfig(), file));
  program
    .command('restore')
    .description('put a backup in the place of the database; the server must be stopped')
    .argument('<file>', 'the backup')
    .action((file: string) => restore(readConfig(), file));
  return program;
}

/** Loads the server's parts, which takes a while, only now that it is clear that it can run. */
async function serveWith(config: Config): Promise<void> {
  await checkDatabase(config.DATABASE_URL);
  await ProcessLock.probe(config.DATABASE_URL);
  const { serve } = await import('./serve.js');
  await serve(config);
}

function refuseUnknown(program: Command, command: string): never {
  program.error(`error: unknown command '${command}'. See "octostore --help".`, { exitCode: EXIT.usage });
}

/** The environment wins over `.env`, as everywhere. */
function readConfig(): Config {
  if (existsSync(ENV_FILE)) process.loadEnvFile(ENV_FILE);
  return loadConfig(process.env);
}
