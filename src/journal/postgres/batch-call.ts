import type { DataSource } from 'typeorm';
import type { Batch } from '../batch.js';
import type { Key } from '../tables.js';
import { changesOf, tableShapes, watermarkColumns, type TableShape } from '../sql/table-shape.js';
import type { Statement } from './connection/connection.js';
import { PostgresServerEntity } from './entities/server.entity.js';
import { commitFunction } from './functions/commit-function.js';
import type { Position } from './term/position.js';
import { escapeText, mayNeedEscape } from './text.js';

/** Makes the statement that commits a batch on top of a position. */
export type CallFor = (batch: Batch, from: Position) => Statement;

export function buildBatchCall(dataSource: DataSource): CallFor {
  const watermarks = watermarkColumns(dataSource.getMetadata(PostgresServerEntity));
  const tables = tableShapes(dataSource);
  const count = 3 + watermarks.length + 2 * tables.length;
  const parameters = Array.from({ length: count }, (_, index) => `$${index + 1}`);
  const text = `select ${commitFunction(dataSource).name}(${parameters.join(', ')})`;
  return (batch, { epoch, reign, commitNo }) => ({
    text,
    values: [
      epoch,
      reign,
      commitNo,
      ...watermarks.map(({ property }) => escaped(batch.watermarks[property])),
      ...tables.flatMap((table) => tableValues(table, batch)),
    ],
  });
}

function tableValues(table: TableShape, batch: Batch): [put: string | null, removed: Key[] | null] {
  const { put, removed } = changesOf(table.name, batch);
  return [
    put.length === 0 ? null : jsonOf(put, table),
    removed.length === 0 ? null : removed.map((key) => escaped(key)),
  ];
}

function jsonOf(rows: readonly object[], { columns }: TableShape): string {
  const plain = rows.map((row) => recordOf(row, columns));
  const json = JSON.stringify(plain);
  if (!mayNeedEscape(json)) return json;
  return JSON.stringify(plain, (_, value: unknown) => escaped(value));
}

/** Without the columns that are null. The function reads a missing value as null. */
function recordOf(row: object, columns: TableShape['columns']): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (const { sql, read } of columns) {
    const value = read(row);
    if (value !== null) record[sql] = value;
  }
  return record;
}

function escaped<T>(value: T): T {
  return typeof value === 'string' ? (escapeText(value) as T & string) : value;
}
