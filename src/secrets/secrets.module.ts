import { Global, Module } from '@nestjs/common';
import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { SqliteLocation } from '../installation/sqlite-location.js';
import { readOrMakeKey } from './key-file.js';
import { SecretBox } from './secret-box.js';

@Global()
@Module({
  providers: [
    {
      provide: SecretBox,
      inject: [CONFIG, SqliteLocation],
      useFactory: async ({ SECRET_KEY }: Config, location: SqliteLocation) =>
        new SecretBox(SECRET_KEY ?? (await readOrMakeKey(location))),
    },
  ],
  exports: [SecretBox],
})
export class SecretsModule {}
