import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { Global, Module } from '@nestjs/common';
import { CONFIG } from '../config/config.module.js';
import { ConfigError, type Config } from '../config/config.js';
import { SecretBox } from './secret-box.js';

const KEY_BYTES = 32;

/** A key of fewer characters was cut short, or is none. */
const KEY_LENGTH_MIN = 16;

/** Where the server keeps the key that it made itself: beside the database, readable by its owner only. */
export function secretKeyPath(databasePath: string): string {
  return `${databasePath}.key`;
}

@Global()
@Module({
  providers: [
    {
      provide: SecretBox,
      inject: [CONFIG],
      useFactory: (config: Config) => new SecretBox(config.SECRET_KEY ?? readOrMakeKey(config.DATABASE_URL)),
    },
  ],
  exports: [SecretBox],
})
export class SecretsModule {}

function readOrMakeKey(databasePath: string): string {
  const path = secretKeyPath(databasePath);
  if (!existsSync(path)) makeKey(path);
  const key = readFileSync(path, 'utf8').trim();
  if (key.length >= KEY_LENGTH_MIN) return key;
  throw new ConfigError([
    `SECRET_KEY: is not set, and ${path}, which stands in for it, holds no key. Restore that file from a backup, or delete ` +
      'it to have a new key made; webhooks with secrets must be made anew then.',
  ]);
}

/** In one step, so that a crash leaves either no key or a whole one. */
function makeKey(path: string): void {
  const unfinished = `${path}.unfinished`;
  writeFileSync(unfinished, randomBytes(KEY_BYTES).toString('base64url'), { mode: 0o600, flush: true });
  renameSync(unfinished, path);
}
