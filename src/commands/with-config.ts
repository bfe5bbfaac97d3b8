import { existsSync } from 'node:fs';
import type { Config } from '../config/config.js';

/** Read if it exists and no other file was named. */
const DEFAULT_ENV_FILE = '.env';

/** What the options of a command say about its configuration. */
export interface ConfigOptions {
  /** A file of settings to read instead of `.env`. It must exist. */
  readonly envFile?: string | undefined;
  /** The path of the database. It wins over `DATABASE_URL`. */
  readonly database?: string | undefined;
}

/**
 * Runs a command of the server with its configuration: `--database`, then the environment, then the file of settings.
 * Throws `ConfigError`.
 */
export async function withConfig(
  run: (config: Config) => Promise<void>,
  { envFile, database }: ConfigOptions = {},
): Promise<void> {
  // Databases, keys and backups are for their owner only.
  process.umask(0o077);
  const { ConfigError, loadConfig } = await import('../config/config.js');
  if (envFile !== undefined && !existsSync(envFile)) {
    throw new ConfigError([`${envFile}: the file does not exist`]);
  }
  loadEnvFile(envFile ?? DEFAULT_ENV_FILE);
  if (database !== undefined) process.env['DATABASE_URL'] = database;
  await run(loadConfig(process.env));
}

function loadEnvFile(file: string): void {
  if (existsSync(file)) process.loadEnvFile(file);
}
