import { existsSync } from 'node:fs';
import { ConfigError, loadConfig, type Config } from '../config/config.js';

/** Read if it exists and no other file was named. */
const DEFAULT_ENV_FILE = '.env';

/** What the options of a command say about its configuration. */
export interface ConfigOptions {
  /** A file of settings to read instead of `.env`. It must exist. */
  readonly envFile?: string;
  /** The path of the database. It wins over `DATABASE_URL`. */
  readonly database?: string;
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
  loadEnvFile(envFile);
  if (database !== undefined) process.env['DATABASE_URL'] = database;
  await run(loadConfig(process.env));
}

function loadEnvFile(named: string | undefined): void {
  const file = named ?? DEFAULT_ENV_FILE;
  if (existsSync(file)) process.loadEnvFile(file);
  else if (named !== undefined) throw new ConfigError([`${file}: the file does not exist`]);
}
