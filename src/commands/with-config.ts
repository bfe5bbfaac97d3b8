import type { Config } from '../config/config.js';
import { writeError } from '../process/standard-error.js';

/** What the options of a command say about its configuration. */
export interface ConfigOptions {
  /** A file of settings to read instead of `.env`. It must exist. */
  readonly envFile?: string | undefined;
  /** The path of the database. It wins over `DATABASE_URL`. */
  readonly database?: string | undefined;
}

/**
 * Runs a command of the server with its configuration: `--database`, then the environment, then the file of settings. What may
 * be a mistake in it is told on standard error. Throws `ConfigError`.
 */
export async function withConfig(
  run: (config: Config) => Promise<void>,
  { envFile, database }: ConfigOptions = {},
): Promise<void> {
  // Databases, keys and backups are for their owner only.
  process.umask(0o077);
  const { collectConfig } = await import('../config/collect.js');
  if (database !== undefined) process.env['DATABASE_URL'] = database;
  const { config, warnings } = collectConfig(process.env, envFile);
  for (const warning of warnings) writeError(`octostore: warning: ${warning}\n`);
  await run(config);
}
