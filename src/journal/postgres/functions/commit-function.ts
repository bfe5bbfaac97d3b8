import type { DataSource } from 'typeorm';
import { PRUNED_AT_ONCE } from '../../batch.js';
import { tableShapes, watermarkColumns, type ColumnShape, type TableShape } from '../../sql/table-shape.js';
import { PostgresServerEntity } from '../entities/server.entity.js';
import { AT_LAST_POSITION, LAST_POSITION, NEXT_COMMIT, WHERE_IT_WAS } from './own-chain.js';
import { BE_DURABLE, ownFunction, UNLESS_REFUSED, type OwnFunction } from './own-function.js';

/**
 * A batch is one call of this function, which is a transaction of its own. It changes nothing unless the server row is where the
 * writer's last commit left it, in the database where that was made. Its parameters are the position, the watermarks, and two for each table: rows as JSON, and keys.
 */
export function commitFunction(dataSource: DataSource): OwnFunction {
  const watermarks = watermarkColumns(dataSource.getMetadata(PostgresServerEntity));
  const tables = tableShapes(dataSource);
  return ownFunction({
    verb: 'commit',
    parameters: [
      ...LAST_POSITION,
      ...watermarks.map(({ sql, type }) => `p_${sql} ${type}`),
      ...tables.flatMap(({ name, key }) => [`p_${name}_put json`, `p_${name}_removed ${key.type}[]`]),
    ],
    settings: USE_INDEXES,
    body: `begin ${BE_DURABLE}
  update server set ${NEXT_COMMIT},
    ${watermarks.map(({ sql }) => `${sql} = p_${sql}`).join(', ')}
    where ${AT_LAST_POSITION}
      and ${WHERE_IT_WAS};
  ${UNLESS_REFUSED}
  ${tables.map(writeTable).join('\n')}
  delete from events
    where sequence <= p_pruned_through and sequence < (select min(sequence) from events) + ${PRUNED_AT_ONCE};
end`,
  });
}

/** The plans are kept. They are often made while the tables are empty, and must suit full ones. */
const USE_INDEXES = ['enable_seqscan = off', 'enable_hashjoin = off', 'enable_mergejoin = off'];

function writeTable({ name, columns, key }: TableShape): string {
  const names = columns.map(quoted);
  const updates = columns
    .filter((column) => column !== key)
    .map((column) => `${quoted(column)} = excluded.${quoted(column)}`);
  return `
  if p_${name}_removed is not null then
    delete from ${name} where ${quoted(key)} = any(p_${name}_removed);
  end if;
  if p_${name}_put is not null then
    insert into ${name} (${names.join(', ')})
      select ${names.join(', ')} from json_to_recordset(p_${name}_put)
        as row_put(${columns.map((column) => `${quoted(column)} ${column.type}`).join(', ')})
      on conflict (${quoted(key)}) do update set ${updates.join(', ')};
  end if;`;
}

function quoted({ sql }: ColumnShape): string {
  return `"${sql}"`;
}
