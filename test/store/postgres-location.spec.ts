import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseDatabaseUrl } from '../../src/config/database-url.js';
import { locateDatabase } from '../../src/installation/database-location.js';
import { PostgresLocation } from '../../src/installation/postgres-location.js';
import { UnusableFileError } from '../../src/installation/unusable-file-error.js';
import { testFolder } from '../support/temp-folder.js';

async function locate(url: string, passwordFile?: string): Promise<PostgresLocation> {
  const parsed = parseDatabaseUrl(url);
  if (parsed.kind === 'refused') throw new Error(parsed.reason);
  const location = await locateDatabase(parsed.url, passwordFile);
  if (!(location instanceof PostgresLocation)) throw new Error('This is not PostgreSQL.');
  return location;
}

test.each([
  ['postgres://octo:hunter2@db/locks', 'postgres://octo@db:5432/locks'],
  ['postgres://octo:hunter2@db1,db2:5433/locks', 'postgres://octo@db1:5432,db2:5433/locks'],
  ['postgres://octo@[fd12::7]/locks', 'postgres://octo@[fd12::7]:5432/locks'],
  ['postgres://octo@/locks?host=/run/postgresql', 'postgres://octo@/run/postgresql/locks'],
  ['postgres://a%40b@db/x%2Fy', 'postgres://a%40b@db:5432/x%2Fy'],
])('messages call %s %s', async (url, name) => {
  expect((await locate(url)).name).toBe(name);
});

test('the password is that of the URL', async () => {
  expect(await (await locate('postgres://octo:hunter2@db/locks')).password()).toBe('hunter2');
  expect(await (await locate('postgres://octo@db/locks')).password()).toBeNull();
});

test('the password file is read for each connection, without the line end after the password', async () => {
  const file = join(testFolder(), 'password');
  const { password } = await locate('postgres://octo@db/locks', file);
  for (const content of ['one', 'two\n', 'three\r\n']) {
    writeFileSync(file, content);
    expect(await password()).toBe(content.trimEnd());
  }
  writeFileSync(file, ' with spaces \n\n');
  expect(await password()).toBe(' with spaces \n');
});

test('a password file that is missing or empty is refused, and the error says what to do', async () => {
  const file = join(testFolder(), 'password');
  const { password } = await locate('postgres://octo@db/locks', file);
  await expect(password()).rejects.toThrow(/cannot be read \(ENOENT\)\. Check its path/);
  writeFileSync(file, '\n');
  await expect(password()).rejects.toThrow(/is empty\. Put the password into it\./);
  await expect(password()).rejects.toThrow(UnusableFileError);
});
