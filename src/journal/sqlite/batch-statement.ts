import type { DataSource, EntityMetadata } from 'typeorm';
import { PRUNED_AT_ONCE, type Batch, type Watermarks } from '../batch.js';
import type { TableChanges } from '../row-changes.js';
import { TABLE_NAMES, type TableName } from '../tables.js';
import { ENTITIES } from './entities.js';
import { ServerEntity } from './entities/server.entity.js';
import { columnReader, type ReadColumn } from './flat-rows.js';

/**
 * A batch is one SQL statement: an insert into `temp.batch`, a view without rows, whose triggers write the values to the
 * tables. A single statement is a transaction that nothing can interrupt. It needs one trip to the thread pool and one sync,
 * however many rows there are. Rows are passed as JSON arrays, in the column order of their entity.
 */
export interface BatchStatement {
  /** Creates the view and its triggers, which exist as long as the connection. */
  readonly setUp: string;
  readonly insert: string;
  parametersOf(batch: Batch): (string | number | null)[];
}

interface TableShape {
  readonly name: TableName;
  /** In the order in which a row's values are passed. */
  readonly columns: readonly { readonly sql: string; readonly read: ReadColumn }[];
  readonly key: string;
}

/** The message that a trigger raises if another process has begun a newer term. */
export const TERM_ENDED = 'another process has begun a newer term on this database';

export function buildBatchStatement(dataSource: DataSource): BatchStatement {
  const watermarks = watermarkColumns(dataSource.getMetadata(ServerEntity));
  const tables = TABLE_NAMES.map((name) => shapeOf(name, dataSource.getMetadata(ENTITIES[name])));
  const fields = [
    'epoch',
    ...watermarks.map(({ sql }) => sql),
    ...tables.flatMap(({ name }) => [`${name}_put`, `${name}_removed`]),
  ];
  return {
    setUp: `
      create temp view batch as select ${fields.map((field) => `null as ${field}`).join(', ')};
      create temp trigger commit_batch instead of insert on batch begin
        select raise(abort, '${TERM_ENDED}') from server where epoch is not new.epoch;
        update server set ${watermarks.map(({ sql }) => `${sql} = new.${sql}`).join(', ')};
        delete from events where sequence in (
          select sequence from events where sequence <= new.pruned_through order by sequence limit ${PRUNED_AT_ONCE}
        );
      end;
      ${tables.map(tableTrigger).join('\n')}`,
    insert: `insert into batch values (${fields.map(() => '?').join(', ')})`,
    parametersOf: (batch) => [
      batch.epoch,
      ...watermarks.map(({ property }) => batch.watermarks[property]),
      ...tables.flatMap((table) => tableParameters(table, batch)),
    ],
  };
}

/** Columns of the `server` row that no batch writes. */
const FIXED: ReadonlySet<string> = new Set<keyof ServerEntity>(['id', 'epoch', 'restoredAt']);

function watermarkColumns(metadata: EntityMetadata): { sql: string; property: keyof Watermarks }[] {
  return metadata.columns
    .filter(({ propertyName }) => !FIXED.has(propertyName))
    .map(({ databaseName, propertyName }) => ({
      sql: databaseName,
      property: propertyName as keyof Watermarks,
    }));
}

function shapeOf(name: TableName, metadata: EntityMetadata): TableShape {
  const [key, ...others] = metadata.primaryColumns;
  if (key === undefined || others.length > 0) throw new Error(`${name} must have one primary key column`);
  const columns = metadata.columns.map(({ databaseName, propertyName }) => ({
    sql: databaseName,
    read: columnReader(name, propertyName),
  }));
  return { name, columns, key: key.databaseName };
}

/**
 * A trigger of its own for each table costs nothing if a batch has no rows for it, and most batches have rows for only a few
 * tables.
 */
function tableTrigger({ name, columns, key }: TableShape): string {
  const names = columns.map(({ sql }) => sql);
  const updates = names.filter((column) => column !== key).map((column) => `${column} = excluded.${column}`);
  // `where true` keeps the parser from reading `on` as part of a join. Each row is passed on as JSONB, because SQLite would parse the
  // text of a row again for each of its columns.
  return `
      create temp trigger commit_${name} instead of insert on batch
        when new.${name}_put is not null or new.${name}_removed is not null begin
          delete from ${name} where ${key} in (select value from json_each(new.${name}_removed));
          insert into ${name} (${names.join(', ')})
            select ${names.map((_, index) => `value->>${index}`).join(', ')} from jsonb_each(new.${name}_put) where true
            on conflict (${key}) do update set ${updates.join(', ')};
        end;`;
}

function tableParameters({ name, columns }: TableShape, batch: Batch): [string | null, string | null] {
  const { put, removed } = changesOf(name, batch);
  const rows = put.map((row) => valuesOf(row, columns));
  return [
    rows.length === 0 ? null : JSON.stringify(rows),
    removed.length === 0 ? null : JSON.stringify(removed),
  ];
}

/**
 * The columns that are null for almost every row come last, and are left out there. SQLite reads a missing value as null, so
 * such a row costs no more than if it did not have these columns.
 */
function valuesOf(row: object, columns: TableShape['columns']): unknown[] {
  const values = columns.map(({ read }) => read(row));
  while (values.length > 0 && values.at(-1) === null) values.pop();
  return values;
}

function changesOf(name: TableName, { rows }: Batch): TableChanges<object> {
  return name === 'events' ? { put: rows.events, removed: [] } : rows.of(name);
}
