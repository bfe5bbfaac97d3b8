import { ConfigError, type Config } from '../config/config.js';
import type { DatabaseLocation } from '../installation/database-location.js';
import { readOrMakeKey } from './key-file.js';
import { SecretBox } from './secret-box.js';

/** Opens the secret box with the configured key, or else with the one beside the database. Throws `ConfigError`. */
export async function openSecretBox({ SECRET_KEY }: Config, location: DatabaseLocation): Promise<SecretBox> {
  return new SecretBox(SECRET_KEY ?? (await keyBeside(location)));
}

/** Only a database that is a file has something beside it. */
function keyBeside(location: DatabaseLocation): Promise<string> {
  if (location.engine === 'sqlite') return readOrMakeKey(location);
  throw new ConfigError(['SECRET_KEY: must be set, because DATABASE_URL is a PostgreSQL database']);
}
