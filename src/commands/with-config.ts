import { existsSync } from 'node:fs';
import type { Config } from '../config/config.js';

const ENV_FILE = '.env';

/** Runs a command of the server with its configuration. The environment wins over `.env`, as everywhere. */
export async function withConfig(run: (config: Config) => Promise<void>): Promise<void> {
  // Databases, keys and backups are for their owner only.
  process.umask(0o077);
  if (existsSync(ENV_FILE)) process.loadEnvFile(ENV_FILE);
  const { loadConfig } = await import('../config/config.js');
  await run(loadConfig(process.env));
}
