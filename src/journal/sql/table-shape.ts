import type { DataSource, EntityMetadata } from 'typeorm';
import type { Batch, Watermarks } from '../batch.js';
import type { TableChanges } from '../row-changes.js';
import type { ServerRow } from '../rows/server-row.js';
import { TABLE_NAMES, type TableName } from '../tables.js';
import { ENTITIES } from './entities.js';
import { columnReader, type ReadColumn } from './flat-rows.js';

/** What a statement that writes rows needs to know about a table. */
export interface TableShape {
  readonly name: TableName;
  /** In the order of the entity's properties. */
  readonly columns: readonly ColumnShape[];
  readonly key: ColumnShape;
}

export interface ColumnShape {
  readonly sql: string;
  readonly type: string;
  readonly read: ReadColumn;
}

/** A column of the `server` row that every batch writes. */
export interface WatermarkColumn {
  readonly sql: string;
  readonly type: string;
  readonly property: keyof Watermarks;
}

export function tableShapes(dataSource: DataSource): TableShape[] {
  return TABLE_NAMES.map((name) => shapeOf(name, dataSource.getMetadata(ENTITIES[name])));
}

function shapeOf(name: TableName, metadata: EntityMetadata): TableShape {
  const columns = metadata.columns.map(({ databaseName, propertyName, type }) => ({
    sql: databaseName,
    type: String(type),
    read: columnReader(name, propertyName),
  }));
  const keys = columns.filter((_, index) => metadata.columns[index]?.isPrimary === true);
  const [key, ...others] = keys;
  if (key === undefined || others.length > 0) throw new Error(`${name} must have one primary key column`);
  return { name, columns, key };
}

const WATERMARKS: Readonly<Record<keyof Watermarks, true>> = {
  lastFencingToken: true,
  lastSequence: true,
  prunedThrough: true,
  restoredAt: true,
  lastInstant: true,
  bootId: true,
  monotonicOffset: true,
  wallSkew: true,
  graces: true,
};

/** @param metadata that of the `server` row, which may have more columns. */
export function watermarkColumns(metadata: EntityMetadata): WatermarkColumn[] {
  return metadata.columns
    .filter(({ propertyName }) => Object.hasOwn(WATERMARKS, propertyName))
    .map(({ databaseName, propertyName, type }) => ({
      sql: databaseName,
      type: String(type),
      property: propertyName as keyof Watermarks & keyof ServerRow,
    }));
}

export function changesOf(name: TableName, { rows }: Batch): TableChanges<object> {
  return name === 'events' ? { put: rows.events, removed: [] } : rows.of(name);
}
