import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { Logger } from '@nestjs/common';
import { ConfigError } from '../config/config.js';
import { codeOf } from '../errors/system-error-code.js';
import type { DatabaseLocation } from '../installation/database-location.js';
import { giveToOwnerOfDatabase } from '../installation/ownership.js';

const KEY_BYTES = 32;

/** A key of fewer characters was cut short, or is none. */
const KEY_LENGTH_MIN = 16;

const logger = new Logger('Secrets');

/** Where the server's own key is, or will be. It is beside the database, or beside a link if an earlier version made it there. */
export function keyFileOf({ key, keyOfEarlierVersions }: DatabaseLocation): string {
  return existsSync(key) || !existsSync(keyOfEarlierVersions) ? key : keyOfEarlierVersions;
}

/** The key that the server made itself, at its first start or now. Throws `ConfigError` if the file holds no key. */
export async function readOrMakeKey(location: DatabaseLocation): Promise<string> {
  const found = keyFileOf(location);
  if (!existsSync(found)) await writeKey(location, randomBytes(KEY_BYTES).toString('base64url'));
  const key = await readKey(found);
  if (found === location.key) await warnOfAnotherKey(location, key);
  else await takeOver(location, key);
  return key;
}

async function readKey(path: string): Promise<string> {
  const key = (await readFile(path, 'utf8').catch((error: unknown) => refuseUnreadable(path, error))).trim();
  if (key.length >= KEY_LENGTH_MIN) return key;
  throw new ConfigError([
    `SECRET_KEY: is not set, and ${path}, which stands in for it, holds no key. Restore that file from a backup, or delete ` +
      'it to have a new key made; webhooks with secrets must be made anew then.',
  ]);
}

function refuseUnreadable(path: string, error: unknown): never {
  throw new ConfigError([
    `SECRET_KEY: is not set, and ${path}, which stands in for it, cannot be read (${String(codeOf(error))}). ` +
      'Check its owner and its permissions, or restore that file from a backup.',
  ]);
}

/** From now on the key is where every way to the database leads. The old file stays, for a return to an earlier version. */
async function takeOver(location: DatabaseLocation, key: string): Promise<void> {
  await writeKey(location, key);
  logger.warn({
    message:
      'The key for secrets was beside a link to the database. It is now beside the database itself, too',
    from: location.keyOfEarlierVersions,
    to: location.key,
  });
}

/** Which of the two was in use before depends on the way by which the database was opened then. */
async function warnOfAnotherKey(
  { key: path, keyOfEarlierVersions }: DatabaseLocation,
  key: string,
): Promise<void> {
  if (!existsSync(keyOfEarlierVersions)) return;
  const other = (await readFile(keyOfEarlierVersions, 'utf8')).trim();
  if (other === key) return;
  logger.warn({
    message: 'There is another key for secrets beside a link to the database. It is not used',
    used: path,
    unused: keyOfEarlierVersions,
  });
}

/** In one step, so that a crash leaves either no key or a whole one. */
async function writeKey(location: DatabaseLocation, key: string): Promise<void> {
  const unfinished = `${location.key}.unfinished`;
  await rm(unfinished, { force: true });
  await writeFile(unfinished, key, { mode: 0o600, flush: true, flag: 'wx' });
  await giveToOwnerOfDatabase(location, unfinished);
  await rename(unfinished, location.key);
}
