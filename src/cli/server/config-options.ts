import type { Command } from 'commander';
import type { Config } from '../../config/config.js';
import { writeError } from '../../process/standard-error.js';

/** What the options of a command say about its configuration. */
export interface ConfigOptions {
  /** A file of settings to read instead of `.env`. It must exist. */
  readonly envFile?: string | undefined;
  /** The path of the database. It wins over `DATABASE_URL`. */
  readonly database?: string | undefined;
}

/** Lets a command of the server be told on its command line which installation is meant. */
export function withConfigOptions(command: Command): Command {
  return command
    .option('--database <path>', 'the database, instead of the one that DATABASE_URL names')
    .option('--env-file <path>', 'a file of settings, instead of .env in this folder');
}

/**
 * Runs a command that has these options with its configuration: `--database`, then the environment, then the file of settings.
 * Possible mistakes in it are told on standard error. Throws `ConfigError`.
 */
export async function runConfigured(
  { envFile, database }: ConfigOptions,
  run: (config: Config) => Promise<void>,
): Promise<void> {
  // Databases, keys and backups are for their owner only.
  process.umask(0o077);
  const { collectConfig } = await import('../../config/collect.js');
  if (database !== undefined) process.env['DATABASE_URL'] = database;
  const { config, warnings } = collectConfig(process.env, envFile);
  for (const warning of warnings) writeError(`octostore: warning: ${warning}\n`);
  await run(config);
}
