import type { Command } from 'commander';
import type { Config } from '../../config/config.js';
import { writeError } from '../../process/standard-error.js';

/** Options that choose the configuration of a command. */
export interface ConfigOptions {
  /** A file of settings to read instead of `.env`. It must exist. */
  readonly envFile?: string | undefined;
  /** The path of the database. Overrides `DATABASE_URL`. */
  readonly database?: string | undefined;
}

/** Adds the options that choose an installation. */
export function withConfigOptions(command: Command): Command {
  return command
    .option('--database <path>', 'the database (default: the one in DATABASE_URL)')
    .option('--env-file <path>', 'a file of settings (default: .env in this folder, if it exists)');
}

/**
 * Runs a command with its configuration: from `--database`, then from the environment, then from the file of settings. Warns
 * about likely mistakes on standard error. Throws `ConfigError`.
 *
 * @param ignored settings that count as not set.
 */
export async function runConfigured(
  { envFile, database }: ConfigOptions,
  run: (config: Config) => Promise<void>,
  ignored: RegExp | null = null,
): Promise<void> {
  // Only their owner may read databases, keys and backups.
  process.umask(0o077);
  const { collectConfig } = await import('../../config/collect.js');
  if (database !== undefined) process.env['DATABASE_URL'] = database;
  const { config, warnings } = collectConfig(process.env, envFile, ignored);
  for (const warning of warnings) writeError(`octostore: warning: ${warning}\n`);
  await run(config);
}
