import { existsSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { ConfigError, loadConfig, type Config } from '../config/config.js';
import { UnusableFileError } from '../store/sqlite/database-file.js';
import { DatabaseInUseError } from '../store/sqlite/process-lock.js';
import { NewerSchemaError } from '../store/sqlite/schema.js';
import { VERSION } from '../version.js';
import { backUp } from './backup.js';
import { EXIT } from './exit-codes.js';
import { restore } from './restore.js';
import { serve } from './serve.js';

const ENV_FILE = '.env';

/** Runs `octostore COMMAND`; without a command it serves. */
export async function runCommand(args: readonly string[]): Promise<void> {
  try {
    await commandLine().parseAsync(args, { from: 'user' });
  } catch (error) {
    process.exit(explain(error));
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
    .action(() => serve(readConfig()));
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

/** The environment wins over `.env`, as everywhere. */
function readConfig(): Config {
  if (existsSync(ENV_FILE)) process.loadEnvFile(ENV_FILE);
  return loadConfig(process.env);
}

/** Says what is wrong, for people, and returns the exit code for programs. */
function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`octostore: ${message}\n`);
  if (error instanceof ConfigError) return EXIT.configInvalid;
  if (isDatabaseUnusable(error)) return EXIT.databaseUnusable;
  return EXIT.failure;
}

function isDatabaseUnusable(error: unknown): boolean {
  return [DatabaseInUseError, NewerSchemaError, UnusableFileError].some((kind) => error instanceof kind);
}
