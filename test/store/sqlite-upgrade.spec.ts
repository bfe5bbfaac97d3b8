import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RawDatabase } from '../../src/journal/sqlite/raw-database.js';
import { MIGRATIONS } from '../../src/journal/sqlite/schema-version.js';
import { createDataSource } from '../../src/journal/sqlite/schema.js';
import { openJournalAt } from '../support/journal.js';
import { testFolder } from '../support/temp-folder.js';

/** A database of the first version with these users and tokens. */
async function firstVersion(statements: readonly string[]): Promise<string> {
  const path = join(testFolder(), 'octostore.db');
  const source = createDataSource(path).setOptions({ migrations: MIGRATIONS.slice(0, 1) });
  await source.initialize();
  await source.runMigrations();
  await source.destroy();
  const file = await RawDatabase.open(path, 'existing', 0);
  for (const statement of statements) await file.execute(statement);
  await file.close();
  return path;
}

function token(hash: string, user: string, revokedAt: number | null): string {
  return `insert into tokens values ('${hash}', '${user}', ${revokedAt}, 1)`;
}

test('after an upgrade, the origin of tokens that may have been rotated from a configured one is unknown', async () => {
  const path = await firstVersion([
    `insert into users values ('u1', 'static', 'ci', 'ci', null, 1), ('u2', 'static', 'bob', 'bob', null, 1)`,
    `insert into users values ('u3', 'github', '42', 'ada', null, 1)`,
    token('configured', 'u1', 5),
    token('rotated', 'u1', null),
    token('issued', 'u2', null),
    token('signed-in', 'u3', null),
  ]);
  const journal = await openJournalAt(path);
  const rows = await journal.load('tokens');
  await journal.close();
  expect(Object.fromEntries(rows.map((row) => [row.tokenHash, row.descendsFrom]))).toEqual({
    configured: null,
    rotated: 'unknown',
    issued: null,
    'signed-in': null,
  });
});
