import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError } from '../../src/config/config.js';
import { startServer } from '../support/server.js';
import { testFolder } from '../support/temp-folder.js';

test('the server creates a key that only its owner can read, and keeps using it', async () => {
  const DATABASE_URL = join(testFolder(), 'octostore.db');
  for (let start = 0; start < 2; start += 1) {
    const server = await startServer({ DATABASE_URL });
    await server.close();
  }
  const { mode, size } = statSync(`${DATABASE_URL}.key`);
  expect(mode & 0o777).toBe(0o600);
  expect(size).toBe(43);
});

test('a truncated key file is refused, and the server says what to do', async () => {
  const DATABASE_URL = join(testFolder(), 'octostore.db');
  writeFileSync(`${DATABASE_URL}.key`, '');
  await expect(startServer({ DATABASE_URL })).rejects.toThrow(ConfigError);
});
