import pg from 'pg';
import { DataSource } from 'typeorm';
import type { PostgresHost, PostgresLocation } from '../../installation/postgres-location.js';
import { ENTITIES } from '../sql/entities.js';
import { CONNECT_MS, credentials } from './connection/connection.js';
import { PostgresServerEntity } from './entities/server.entity.js';
import { MIGRATIONS, MIGRATIONS_TABLE } from './schema-version.js';

/** Connects with TypeORM, for its migrations and for what it knows of the entities. It has one connection. */
export async function openDataSource(location: PostgresLocation, host: PostgresHost): Promise<DataSource> {
  const dataSource = new DataSource({
    type: 'postgres',
    driver: pg,
    applicationName: 'octostore',
    extra: credentials(location, host),
    poolSize: 1,
    connectTimeoutMS: CONNECT_MS,
    installExtensions: false,
    entities: [PostgresServerEntity, ...Object.values(ENTITIES)],
    migrations: MIGRATIONS,
    migrationsTableName: MIGRATIONS_TABLE,
  });
  await dataSource.initialize();
  declareTypes(dataSource);
  return dataSource;
}

/**
 * The entities call every number `integer`, which has 64 bits in SQLite and 32 in PostgreSQL. And text is compared byte by byte
 * only with the collation "C".
 */
export function declareTypes(dataSource: DataSource): void {
  for (const { columns } of dataSource.entityMetadatas) {
    for (const column of columns) {
      if (column.type === 'integer') column.type = 'bigint';
      if (column.type === 'text') column.collation = 'C';
    }
  }
}
