import type { DataSource, EntityMetadata } from 'typeorm';
import type { TableName } from '../tables.js';
import { damaged } from './damage.js';
import { ENTITIES } from './entities.js';
import { ServerEntity } from './entities/server.entity.js';

/** The tables that a start loads. What is in the others is read when it is needed. */
const LOADED: readonly TableName[] = [
  'leases',
  'sessions',
  'users',
  'tokens',
  'login_pins',
  'webhooks',
  'cursors',
];

/** What SQLite may have stored in a column of each type. Numbers out of range are refused elsewhere, by their names. */
const STORED_AS: Readonly<Record<string, readonly string[]>> = {
  integer: ['integer', 'real'],
  text: ['text'],
};

/**
 * Refuses rows whose values are not of the types of their columns. SQLite itself lets any value stand in any column, so its own
 * check of the file does not find them. Throws `UnusableFileError`.
 */
export async function refuseWrongTypes(dataSource: DataSource, path: string): Promise<void> {
  const entities = [ServerEntity, ...LOADED.map((table) => ENTITIES[table])];
  for (const entity of entities) {
    const metadata = dataSource.getMetadata(entity);
    const wrong = await dataSource.query<unknown[]>(selectWrong(metadata));
    if (wrong.length > 0) throw damaged(path, `a row of the table "${metadata.tableName}" is not valid`);
  }
}

function selectWrong({ tableName, columns }: EntityMetadata): string {
  const conditions = columns.map(({ databaseName, type, isNullable }) => {
    const types = [...(STORED_AS[String(type)] ?? []), ...(isNullable ? ['null'] : [])];
    return `typeof("${databaseName}") not in (${types.map((name) => `'${name}'`).join(', ')})`;
  });
  return `select 1 from "${tableName}" where ${conditions.join(' or ')} limit 1`;
}
