import type { DataSource, EntityMetadata } from 'typeorm';
import type { TableName } from '../tables.js';
import { damaged } from './damage.js';
import { ENTITIES } from '../sql/entities.js';
import { ServerEntity } from '../sql/entities/server.entity.js';

/** The tables that a start loads. Rows of the other tables are read when they are needed. */
const LOADED: readonly TableName[] = [
  'leases',
  'sessions',
  'users',
  'tokens',
  'login_pins',
  'webhooks',
  'cursors',
  'coolings',
  'broken_leases',
  'fences',
  'proof_keys',
  'used_states',
  'policies',
  'memberships',
  'service_accounts',
];

/** The storage classes that are valid in a column of each type. Numbers out of range are refused elsewhere, by name. */
const STORED_AS: Readonly<Record<string, readonly string[]>> = {
  integer: ['integer', 'real'],
  text: ['text'],
};

/**
 * Refuses rows with values of the wrong type. SQLite allows any value in any column, so its own integrity check does not find them.
 * Throws `UnusableFileError`.
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
