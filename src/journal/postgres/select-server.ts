import type { DataSource } from 'typeorm';
import type { Query } from '../sql/page-query.js';
import { ServerEntity } from '../sql/entities/server.entity.js';
import { PostgresServerEntity } from './entities/server.entity.js';

/** Selects the part of the server row that every engine has. */
export function selectServer(dataSource: DataSource): Query {
  const { columns } = dataSource.getMetadata(PostgresServerEntity);
  const shared = columns.filter(
    ({ target, propertyName }) => target === ServerEntity || propertyName === 'graces',
  );
  const selected = shared.map(({ databaseName, propertyName }) => `"${databaseName}" as "${propertyName}"`);
  return { sql: `select ${selected.join(', ')} from server where id = 1`, parameters: [] };
}
