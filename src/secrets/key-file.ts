import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { Logger } from '@nestjs/common';
import { ConfigError } from '../config/config.js';
import { codeOf } from '../errors/system-error-code.js';
import { giveToOwnerOfDatabase } from '../installation/ownership.js';
import type { SqliteLocation } from '../installation/sqlite-location.js';

const KEY_BYTES = 32;

/** A shorter key has been truncated, or is not a key. */
const KEY_LENGTH_MIN = 16;

const logger = new Logger('Secrets');

/**
 * The path of the server's key file, which need not exist yet. It is beside the database, or beside a link if an earlier
 * version made it there.
 */
export function keyFileOf({ key, legacyKey }: SqliteLocation): string {
  return existsSync(key) || !existsSync(legacyKey) ? key : legacyKey;
}

/** Reads the server's own key, or creates it if there is none. Throws `ConfigError` if the file does not contain a key. */
export async function readOrMakeKey(location: SqliteLocation): Promise<string> {
  const found = keyFileOf(location);
  if (!existsSync(found)) await writeKey(location, randomBytes(KEY_BYTES).toString('base64url'));
  const key = await readKey(found);
  if (found === location.key) await warnIfAnotherKeyExists(location, key);
  else await copyFromLegacyPlace(location, key);
  return key;
}

/** The key that the server made before `SECRET_KEY` was set. Null if there is none, or if it cannot be read. */
export async function readFormerKey(location: SqliteLocation): Promise<string | null> {
  const key = (await readFile(keyFileOf(location), 'utf8').catch(() => '')).trim();
  return key.length >= KEY_LENGTH_MIN ? key : null;
}

async function readKey(path: string): Promise<string> {
  const key = (await readFile(path, 'utf8').catch((error: unknown) => refuseUnreadable(path, error))).trim();
  if (key.length >= KEY_LENGTH_MIN) return key;
  throw new ConfigError([
    `SECRET_KEY: is not set, and the key file ${path} does not contain a key. Restore that file from a backup, or delete it ` +
      'to let the server make a new key. You must then create all webhooks with secrets again.',
  ]);
}

function refuseUnreadable(path: string, error: unknown): never {
  throw new ConfigError([
    `SECRET_KEY: is not set, and the key file ${path} cannot be read (${String(codeOf(error))}). ` +
      'Check its owner and its permissions, or restore that file from a backup.',
  ]);
}

/**
 * Copies the key to the place that does not depend on the link. The old file is kept, so that you can go back to an earlier
 * version.
 */
async function copyFromLegacyPlace(location: SqliteLocation, key: string): Promise<void> {
  await writeKey(location, key);
  logger.warn({
    message:
      'The key for secrets was beside a link to the database. It is now also beside the database itself',
    from: location.legacyKey,
    to: location.key,
  });
}

/** Which of the two keys was used before depends on the path with which the database was opened. */
async function warnIfAnotherKeyExists({ key: path, legacyKey }: SqliteLocation, key: string): Promise<void> {
  if (!existsSync(legacyKey)) return;
  const other = (await readFile(legacyKey, 'utf8')).trim();
  if (other === key) return;
  logger.warn({
    message: 'There is another key for secrets beside a link to the database. It is not used',
    used: path,
    unused: legacyKey,
  });
}

/** Writes the key in one step, so that a crash leaves either no key or a complete one. */
async function writeKey(location: SqliteLocation, key: string): Promise<void> {
  const unfinished = `${location.key}.unfinished`;
  await rm(unfinished, { force: true });
  await writeFile(unfinished, key, { mode: 0o600, flush: true, flag: 'wx' });
  await giveToOwnerOfDatabase(location, unfinished);
  await rename(unfinished, location.key);
}
