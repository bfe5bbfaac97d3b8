import type { Command } from 'commander';
import type { Config } from '../config/config.js';
import { withConfig, type ConfigOptions } from './with-config.js';

/** Lets a command of the server be told on its command line which installation is meant. */
export function withConfigOptions(command: Command): Command {
  return command
    .option('--database <path>', 'the database, instead of the one that DATABASE_URL names')
    .option('--env-file <path>', 'a file of settings, instead of .env in this folder');
}

/** Runs a command that has these options. The environment wins over the file, and the options over both. */
export function runConfigured(options: ConfigOptions, run: (config: Config) => Promise<void>): Promise<void> {
  return withConfig(run, { envFile: options.envFile, database: options.database });
}
