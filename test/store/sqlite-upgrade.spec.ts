import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { USUAL_TERMS } from '../../src/core/model/lease.js';
import { UnusableRowError } from '../../src/journal/errors.js';
import { RawDatabase } from '../../src/journal/sqlite/raw-database.js';
import { MIGRATIONS } from '../../src/journal/sqlite/schema-version.js';
import { createDataSource } from '../../src/journal/sqlite/schema.js';
import { loadDurableState } from '../../src/store/load/durable-state.js';
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

test('after an upgrade, leases and events of earlier versions hold one lock, exclusively', async () => {
  const path = await firstVersion([
    `insert into leases values (7, 'a/b', '550e8400-e29b-41d4-a716-446655440000', 'u1', null, 60, 99, 'm')`,
    `insert into events values (3, 'acquired', 'a/b', 'u1', null, 7, 99, 'm', 1)`,
    `insert into events values (4, 'released', 'a/b', 'u1', null, 6, null, null, 2)`,
    'update server set last_fencing_token = 7, last_sequence = 4',
  ]);
  const journal = await openJournalAt(path);
  const { leases } = await loadDurableState(journal, await journal.lead());
  const events = await journal.load('events');
  await journal.close();
  expect(leases).toMatchObject([{ lockName: 'a/b', fencingToken: 7, metadata: 'm' }]);
  for (const { terms } of leases) expect(terms).toBe(USUAL_TERMS);
  expect(events.map(({ body }) => [body.hold, body.leaseLocks])).toEqual([
    [{ mode: 'exclusive' }, ['a/b']],
    [{ mode: 'exclusive' }, ['a/b']],
  ]);
});

test('a lease whose terms cannot be read keeps the server from starting', async () => {
  const path = await firstVersion([]);
  const first = await openJournalAt(path);
  await first.close();
  const file = await RawDatabase.open(path, 'existing', 0);
  await file.execute(
    `insert into leases values (7, 'a', '550e8400-e29b-41d4-a716-446655440000', 'u1', null, 60, 99, null, '{}')`,
  );
  await file.execute('update server set last_fencing_token = 7');
  await file.close();
  const journal = await openJournalAt(path);
  onTestFinished(() => journal.close());
  const server = await journal.lead();
  await expect(loadDurableState(journal, server)).rejects.toBeInstanceOf(UnusableRowError);
});
