import type { Config } from '../config/config.js';
import type { DatabaseLocation } from '../installation/database-location.js';
import { readOrMakeKey } from './key-file.js';
import { SecretBox } from './secret-box.js';

/** Opens the secret box with the configured key, or else with the one beside the database. Throws `ConfigError`. */
export async function openSecretBox({ SECRET_KEY }: Config, location: DatabaseLocation): Promise<SecretBox> {
  return new SecretBox(SECRET_KEY ?? (await readOrMakeKey(location)));
}
