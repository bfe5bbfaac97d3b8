import type { DataSource, EntityMetadata } from 'typeorm';
import { expect, onTestFinished, test } from 'vitest';
import { SystemClock } from '../../../src/clock/system-clock.js';
import type { PostgresLocation } from '../../../src/installation/postgres-location.js';
import { DatabaseUnavailableError, NewerSchemaError } from '../../../src/journal/errors.js';
import { openJournal } from '../../../src/journal/open-journal.js';
import { ownFunctions } from '../../../src/journal/postgres/functions/own-functions.js';
import { MIGRATIONS } from '../../../src/journal/postgres/schema-version.js';
import { openDataSource } from '../../../src/journal/postgres/schema.js';
import { ENTITIES } from '../../../src/journal/sql/entities.js';
import { INDEXES, TABLE_NAMES } from '../../../src/journal/tables.js';
import type { Cluster } from '../../../lab/kit/postgres/cluster.js';
import { TestDatabase } from '../../support/postgres/test-database.js';
import { connectTo, leadAt, testDatabase } from '../../support/postgres/test-journal.js';
import { describeWithCluster } from '../../support/postgres/with-cluster.js';

type Column = EntityMetadata['columns'][number];

async function emptyDatabase(cluster: Cluster): Promise<TestDatabase> {
  const database = await TestDatabase.empty(cluster);
  onTestFinished(() => database.drop());
  return database;
}

async function dataSourceOf(location: PostgresLocation): Promise<DataSource> {
  const dataSource = await openDataSource(location, location.url.hosts[0]);
  onTestFinished(() => dataSource.destroy());
  return dataSource;
}

async function differences(dataSource: DataSource): Promise<string[]> {
  const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
  return upQueries.map(({ query }) => query);
}

await describeWithCluster('the schema in PostgreSQL', (cluster) => {
  test('from the migrations matches the entities', async () => {
    const database = await testDatabase(cluster);
    expect(await differences(await dataSourceOf(database.location()))).toEqual([]);
  });

  test.each([
    'alter table leases rename column metadata to meta',
    'alter table leases alter column deadline type integer',
    'alter table leases alter column lock_name type text collate "default"',
    'alter table server drop column reign',
  ])('check notices "%s"', async (change) => {
    const database = await testDatabase(cluster);
    await database.query(change);
    expect(await differences(await dataSourceOf(database.location()))).not.toEqual([]);
  });

  test('has a function to commit that knows each column', async () => {
    const database = await testDatabase(cluster);
    const dataSource = await dataSourceOf(database.location());
    const [commit] = ownFunctions(dataSource);
    const text = commit?.create('public') ?? '';
    for (const name of TABLE_NAMES) {
      for (const { databaseName } of dataSource.getMetadata(ENTITIES[name]).columns) {
        expect(text.split(`insert into ${name} (`)[1]?.split(')')[0]).toContain(`"${databaseName}"`);
      }
    }
    expect(await database.query(`select 1 from pg_proc where proname = '${commit?.name}'`)).toHaveLength(1);
  });

  test('gets a new function, and keeps the old one, if a column is added', async () => {
    const database = await testDatabase(cluster);
    const dataSource = await dataSourceOf(database.location());
    const before = ownFunctions(dataSource).map(({ name }) => name);
    const { columns } = dataSource.getMetadata(ENTITIES.leases);
    const last = columns.at(-1) as Column;
    columns.push(Object.create(last, { databaseName: { value: 'more' } }) as Column);
    const after = ownFunctions(dataSource).map(({ name }) => name);
    expect(after[0]).not.toBe(before[0]);
    expect(after.slice(1)).toEqual(before.slice(1));
  });

  test('has an index for each order in which rows can be read', async () => {
    const database = await testDatabase(cluster);
    const dataSource = await dataSourceOf(database.location());
    for (const [name, orders] of Object.entries(INDEXES)) {
      const { indices } = dataSource.getMetadata(ENTITIES[name as keyof typeof INDEXES]);
      const indexed = indices.map(({ columns }) => columns.map(({ propertyName }) => propertyName));
      for (const columns of Object.values(orders)) expect(indexed).toContainEqual(columns);
    }
  });

  test('is made once, however many processes start together', async () => {
    const database = await emptyDatabase(cluster);
    const journals = await Promise.all([1, 2, 3].map(() => connectTo(database.location())));
    expect(journals).toHaveLength(3);
    expect(await database.query('select count(*)::int as count from server')).toEqual([{ count: 1 }]);
    expect(await database.query('select count(*)::int as count from migrations')).toEqual([
      { count: MIGRATIONS.length },
    ]);
  });

  test('of a newer version is refused with advice, and left untouched', async () => {
    const database = await testDatabase(cluster);
    await database.query(
      "insert into migrations (timestamp, name) values (9999999999999, 'Newer9999999999999')",
    );
    const refusal = await openJournal(database.location(), new SystemClock()).catch(
      (error: unknown) => error,
    );
    expect(refusal).toBeInstanceOf(NewerSchemaError);
    expect(String(refusal)).toContain(database.name);
    expect(await database.query('select epoch::int from server')).toEqual([{ epoch: 0 }]);
  });

  test('may be in any schema of the database', async () => {
    const database = await emptyDatabase(cluster);
    await database.query('create schema "Locks & more"');
    await database.query(`alter database ${database.name} set search_path = "Locks & more"`);
    await leadAt(database.location());
    expect(await database.query('select epoch::int from "Locks & more".server')).toEqual([{ epoch: 1 }]);
  });
});

await describeWithCluster('a database that cannot be used', (cluster) => {
  async function refusalOf(location: PostgresLocation): Promise<string> {
    const refusal = await openJournal(location, new SystemClock()).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(DatabaseUnavailableError);
    return String(refusal);
  }

  test('because it does not exist is refused', async () => {
    expect(await refusalOf(cluster.location('nowhere'))).toContain('"nowhere" does not exist');
  });

  test('because no one listens is refused, with the reason for each host', async () => {
    const hosts = [
      { host: '127.0.0.1', port: 1 },
      { host: '127.0.0.1', port: 2 },
    ] as const;
    const refusal = await refusalOf(cluster.location('postgres', { hosts }));
    expect(refusal).toMatch(/127\.0\.0\.1:1: .*ECONNREFUSED.*; 127\.0\.0\.1:2: .*Check DATABASE_URL/);
  });

  test('because it has another encoding is refused', async () => {
    await cluster.query(`create database latin template template0 encoding 'LATIN1' locale 'C'`);
    onTestFinished(async () => void (await cluster.query('drop database latin with (force)')));
    expect(await refusalOf(cluster.location('latin'))).toContain('LATIN1, but it must be UTF8');
  });

  test('because it is read-only is refused', async () => {
    const database = await testDatabase(cluster);
    await database.query(`alter database ${database.name} set default_transaction_read_only = on`);
    expect(await refusalOf(database.location())).toContain('takes no writes');
  });

  test('is passed over if another host takes writes', async () => {
    const database = await testDatabase(cluster);
    const hosts = [
      { host: '127.0.0.1', port: 1 },
      { host: '127.0.0.1', port: cluster.port },
    ] as const;
    expect(await (await connectTo(database.location({ hosts }))).lead()).toMatchObject({ epoch: 1 });
  });

  test('over TCP can be used over a Unix socket', async () => {
    const database = await testDatabase(cluster);
    const hosts = [{ host: cluster.folder, port: cluster.port }] as const;
    expect(await (await connectTo(database.location({ hosts }))).lead()).toMatchObject({ epoch: 1 });
  });
});
