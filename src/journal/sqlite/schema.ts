import sqlite3 from 'sqlite3';
import { DataSource } from 'typeorm';
import { ENTITIES } from '../sql/entities.js';
import { ServerEntity } from '../sql/entities/server.entity.js';
import { MIGRATIONS, MIGRATIONS_TABLE, refuseNewerSchema } from './schema-version.js';

export function createDataSource(databasePath: string): DataSource {
  return new DataSource({
    type: 'sqlite',
    // TypeORM would use the driver's verbose mode, which records a stack trace and prints the parameters of every statement.
    driver: { verbose: () => sqlite3 },
    database: databasePath,
    entities: [ServerEntity, ...Object.values(ENTITIES)],
    migrations: MIGRATIONS,
    migrationsTableName: MIGRATIONS_TABLE,
    migrationsTransactionMode: 'each',
  });
}

/**
 * Upgrades the schema. Each migration is one transaction, so a crash leaves either the old version or the new one. Throws
 * `NewerSchemaError`.
 */
export async function migrate(dataSource: DataSource, databasePath: string): Promise<void> {
  refuseNewerSchema(await appliedMigrations(dataSource), databasePath);
  await dataSource.runMigrations();
}

async function appliedMigrations(dataSource: DataSource): Promise<string[]> {
  const tables = await dataSource.query<unknown[]>(
    `select 1 from sqlite_master where type = 'table' and name = '${MIGRATIONS_TABLE}'`,
  );
  if (tables.length === 0) return [];
  const rows = await dataSource.query<{ name: string }[]>(`select name from ${MIGRATIONS_TABLE}`);
  return rows.map(({ name }) => name);
}
