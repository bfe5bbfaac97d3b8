import type { DataSource } from 'typeorm';
import type { Order, Range } from '../range.js';
import { INDEXES, type Key, type TableName } from '../tables.js';
import { ENTITIES } from './entities.js';

export interface Query {
  readonly sql: string;
  readonly parameters: readonly (string | number)[];
}

/** Selects plain rows. Creating entities for a million leases would take most of the startup time. */
export function selectPage<T extends TableName>(
  dataSource: DataSource,
  table: T,
  order: Order<T>,
  range: Range,
): Query {
  const columns = columnsOf(dataSource, table);
  const [of, by] = order === 'key' ? [null, columns.key] : columns.ofIndex(String(order));
  const bounds: [condition: string, value: Key][] = [];
  if (of !== null && range.of !== undefined) bounds.push([`${of} = ?`, range.of]);
  if (range.after !== undefined) bounds.push([`${by} > ?`, range.after]);
  if (range.before !== undefined) bounds.push([`${by} < ?`, range.before]);
  const where = bounds.length === 0 ? '' : `where ${bounds.map(([condition]) => condition).join(' and ')}`;
  const direction = range.isDescending === true ? 'desc' : 'asc';
  return {
    sql: `select ${columns.selected} from "${table}" ${where} order by ${by} ${direction} limit ?`,
    parameters: [...bounds.map(([, value]) => value), range.limit],
  };
}

export function selectRow(dataSource: DataSource, table: TableName, key: Key): Query {
  const columns = columnsOf(dataSource, table);
  return {
    sql: `select ${columns.selected} from "${table}" where ${columns.key} = ?`,
    parameters: [key],
  };
}

interface Columns {
  readonly selected: string;
  readonly key: string;
  ofIndex(name: string): readonly [of: string, by: string];
}

function columnsOf(dataSource: DataSource, table: TableName): Columns {
  const { columns, primaryColumns } = dataSource.getMetadata(ENTITIES[table]);
  const names = new Map(columns.map(({ databaseName, propertyName }) => [propertyName, `"${databaseName}"`]));
  const nameOf = (property: string): string => names.get(property) ?? unknownColumn(table, property);
  return {
    selected: [...names].map(([property, name]) => `${name} as "${property}"`).join(', '),
    key: nameOf(primaryColumns[0]?.propertyName ?? ''),
    ofIndex: (name) => {
      const indexes: Readonly<Record<string, Readonly<Record<string, readonly [string, string]>>>> = INDEXES;
      const [of, by] = indexes[table]?.[name] ?? unknownColumn(table, name);
      return [nameOf(of), nameOf(by)];
    },
  };
}

function unknownColumn(table: TableName, name: string): never {
  throw new Error(`${table} has no column or index ${name}`);
}
