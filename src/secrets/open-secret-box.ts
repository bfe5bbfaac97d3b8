import type { Config } from '../config/config.js';
import type { DatabaseLocation } from '../installation/database-location.js';
import { readFormerKey, readOrMakeKey } from './key-file.js';
import { SecretBox } from './secret-box.js';
import { oneKey, secretKeysOf, sharedSecretKeysOf, withFormerKey, type SecretKeys } from './secret-keys.js';

/** Opens the secret box with the configured keys, or else with the one beside the database. Throws `ConfigError`. */
export async function openSecretBox(config: Config, location: DatabaseLocation): Promise<SecretBox> {
  return new SecretBox(await keysFor(config, location));
}

async function keysFor(config: Config, location: DatabaseLocation): Promise<SecretKeys> {
  if (location.engine === 'postgres') return sharedSecretKeysOf(config);
  const configured = secretKeysOf(config);
  if (configured === null) return oneKey(await readOrMakeKey(location));
  const former = await readFormerKey(location);
  return former === null ? configured : withFormerKey(configured, former);
}

/** Only a database that is a file has something beside it. */
