import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Global, Module } from '@nestjs/common';
import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { SecretBox } from './secret-box.js';

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
  if (!existsSync(path))
    writeFileSync(path, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' });
  return readFileSync(path, 'utf8');
}
