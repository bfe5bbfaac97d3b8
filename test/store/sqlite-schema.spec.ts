import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeDurable, nativeConnection } from '../../src/journal/sqlite/connection.js';
import { ENTITIES } from '../../src/journal/sql/entities.js';
import { RawDatabase } from '../../src/journal/sqlite/raw-database.js';
import { createDataSource, migrate } from '../../src/journal/sqlite/schema.js';
import { NewerSchemaError } from '../../src/journal/errors.js';
import { INDEXES, TABLE_NAMES, TABLES } from '../../src/journal/tables.js';
import { openJournalAt } from '../support/journal.js';
import { SAMPLES } from '../support/store-rows.js';
import { testFolder } from '../support/temp-folder.js';

async function connect(path: string): Promise<DataSource> {
  const dataSource = createDataSource(path);
  await dataSource.initialize();
  onTestFinished(() => dataSource.destroy());
  return dataSource;
}

async function migrated(): Promise<DataSource> {
  const path = join(testFolder(), 'octostore.db');
  const dataSource = await connect(path);
  await migrate(dataSource, path);
  return dataSource;
}

describe('the schema', () => {
  test('from the migrations matches the entities', async () => {
    const dataSource = await migrated();
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  test('check fails if an entity and the migrations differ', async () => {
    const dataSource = await migrated();
    await dataSource.query('alter table leases rename column metadata to meta');
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.length).toBeGreaterThan(0);
  });

  test('gives each table the one key by which rows are written', async () => {
    const dataSource = await migrated();
    for (const name of TABLE_NAMES) {
      const { keyOf } = TABLES[name] as { keyOf: (row: unknown) => unknown };
      const { primaryColumns, tableName } = dataSource.getMetadata(ENTITIES[name]);
      expect(tableName).toBe(name);
      expect(primaryColumns).toHaveLength(1);
      for (const row of SAMPLES[name]) expect(primaryColumns[0]?.getEntityValue(row)).toBe(keyOf(row));
    }
  });

  test('has an index for each order in which rows can be read', async () => {
    const dataSource = await migrated();
    for (const [name, orders] of Object.entries(INDEXES)) {
      const { indices } = dataSource.getMetadata(ENTITIES[name as keyof typeof INDEXES]);
      const indexed = indices.map(({ columns }) => columns.map(({ propertyName }) => propertyName));
      for (const columns of Object.values(orders)) expect(indexed).toContainEqual(columns);
    }
  });

  test('is brought up to date once', async () => {
    const dataSource = await migrated();
    await migrate(dataSource, 'any');
    expect(await dataSource.query('select count(*) as count from server')).toEqual([{ count: 1 }]);
  });

  test('of a newer version is refused with advice, and left untouched', async () => {
    const path = join(testFolder(), 'octostore.db');
    const journal = await openJournalAt(path);
    await journal.lead();
    await journal.close();
    const file = await RawDatabase.open(path, 'existing', 0);
    await file.execute(
      "insert into migrations (timestamp, name) values (9999999999999, 'Newer9999999999999')",
    );
    const refusal = await openJournalAt(path).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(NewerSchemaError);
    expect(String(refusal)).toContain(path);
    expect(await file.query('select epoch from server')).toEqual([{ epoch: 1 }]);
    await file.close();
  });
});

describe('a connection', () => {
  test('records no stack trace for each statement, as the verbose mode of the driver does', async () => {
    const connection = nativeConnection(await migrated());
    expect(String(Reflect.get(connection, 'all'))).not.toContain('new Error');
    expect(String(Reflect.get(connection, 'run'))).not.toContain('new Error');
  });

  test('syncs each commit to the disk', async () => {
    const dataSource = await connect(join(testFolder(), 'octostore.db'));
    await dataSource.query('pragma synchronous = off');
    await makeDurable(dataSource);
    expect(await dataSource.query('pragma journal_mode')).toEqual([{ journal_mode: 'wal' }]);
    expect(await dataSource.query('pragma synchronous')).toEqual([{ synchronous: 2 }]);
    expect(await dataSource.query('pragma fullfsync')).toEqual([{ fullfsync: 1 }]);
    expect(await dataSource.query('pragma checkpoint_fullfsync')).toEqual([{ checkpoint_fullfsync: 1 }]);
  });

  test('that cannot be durable is refused', async () => {
    const dataSource = await connect(':memory:');
    await expect(makeDurable(dataSource)).rejects.toThrow(
      'SQLite reports journal_mode=memory instead of wal',
    );
  });

  test('runs one statement at a time', async () => {
    const dataSource = await connect(join(testFolder(), 'octostore.db'));
    await makeDurable(dataSource);
    const order: string[] = [];
    const connection = nativeConnection(dataSource);
    const slow =
      'with recursive n(i) as (select 1 union all select i + 1 from n where i < 300000) select max(i) from n';
    await new Promise<void>((resolve) => {
      connection.all(slow, () => order.push('slow'));
      connection.all('select 1', () => {
        order.push('fast');
        resolve();
      });
    });
    expect(order).toEqual(['slow', 'fast']);
  });
});
