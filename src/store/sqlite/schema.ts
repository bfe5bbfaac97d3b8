import sqlite3 from 'sqlite3';
import { DataSource } from 'typeorm';
import { ServerEntity } from '../entities/server.entity.js';
import { TABLES } from '../tables.js';
import { InitialSchema1763596800000 } from './migrations/0001-initial-schema.js';

/** Every migration, oldest first. Migrations are listed, not found: what runs does not depend on what lies in a folder. */
const MIGRATIONS = [InitialSchema1763596800000];

const MIGRATIONS_TABLE = 'migrations';

/** The database was written by a later version of this program. */
export class NewerSchemaError extends Error {
  override readonly name = 'NewerSchemaError';

  constructor(databasePath: string) {
    super(
      `${databasePath} was written by a newer version of OctoStore, which this one cannot read. ` +
        'Start that version, or restore a backup made by this one.',
    );
  }
}

export function createDataSource(databasePath: string): DataSource {
  return new DataSource({
    type: 'sqlite',
    // Without this TypeORM switches the driver to its verbose mode, which takes a stack trace for every statement.
    driver: sqlite3,
    database: databasePath,
    entities: [ServerEntity, ...Object.values(TABLES).map(({ entity }) => entity)],
    migrations: MIGRATIONS,
    migrationsTableName: MIGRATIONS_TABLE,
    migrationsTransactionMode: 'each',
  });
}

/** Brings the schema up to date. Each migration is one transaction, so a crash leaves the old version or the new one. */
export async function migrate(dataSource: DataSource, databasePath: string): Promise<void> {
  refuseNewerSchema(await appliedMigrations(dataSource), databasePath);
  await dataSource.runMigrations();
}

/** Throws `NewerSchemaError` if one of the migrations that made a database is unknown here. */
export function refuseNewerSchema(applied: readonly string[], databasePath: string): void {
  const known = new Set<string>(MIGRATIONS.map(({ name }) => name));
  if (applied.some((name) => !known.has(name))) throw new NewerSchemaError(databasePath);
}

async function appliedMigrations(dataSource: DataSource): Promise<string[]> {
  const tables = await dataSource.query<unknown[]>(
    `select 1 from sqlite_master where type = 'table' and name = '${MIGRATIONS_TABLE}'`,
  );
  if (tables.length === 0) return [];
  const rows = await dataSource.query<{ name: string }[]>(`select name from ${MIGRATIONS_TABLE}`);
  return rows.map(({ name }) => name);
}
