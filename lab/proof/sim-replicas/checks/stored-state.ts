import type { DurableState } from '../../../../src/core/recovery.js';
import { selectPage } from '../../../../src/journal/sql/page-query.js';
import { toStatement } from '../../../../src/journal/postgres/select.js';
import { selectServer } from '../../../../src/journal/postgres/select-server.js';
import type { ServerRow } from '../../../../src/journal/rows/server-row.js';
import { TABLES, type Key, type TableName, type Tables } from '../../../../src/journal/tables.js';
import { durableStateOn } from '../../sim/checks/stored-values.js';
import type { DatabaseState } from '../../../kit/simulated-postgres/database-state.js';
import type { DescribedSchema } from '../../../kit/simulated-postgres/described-schema.js';
import { select } from '../../../kit/simulated-postgres/select.js';

/** What a store loads from this state of the database. */
export function storedState(state: DatabaseState, { dataSource }: DescribedSchema): DurableState {
  const rowsOf = <T extends TableName, K extends Key>(
    table: T,
    keyOf: (row: Tables[T]) => K,
  ): Map<K, Tables[T]> => {
    const { text, values = [] } = toStatement(selectPage(dataSource, table, 'key', { limit: 1e9 }));
    const rows = select(state, text, values) as unknown as Tables[T][];
    return new Map(rows.map((row) => [keyOf(row), row]));
  };
  return durableStateOn({
    leases: rowsOf('leases', TABLES.leases.keyOf),
    sessions: rowsOf('sessions', TABLES.sessions.keyOf),
    coolings: rowsOf('coolings', TABLES.coolings.keyOf),
    brokenLeases: rowsOf('broken_leases', TABLES.broken_leases.keyOf),
    fences: rowsOf('fences', TABLES.fences.keyOf),
    server: serverRow(state, { dataSource }),
  });
}

export function serverRow(
  state: DatabaseState,
  { dataSource }: Pick<DescribedSchema, 'dataSource'>,
): ServerRow {
  const [row] = select(state, selectServer(dataSource).sql, []);
  return row as unknown as ServerRow;
}
