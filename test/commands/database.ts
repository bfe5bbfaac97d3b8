import { RawDatabase } from '../../src/journal/sqlite/raw-database.js';

/** Checks every page of a database file that no server has open, then runs a query on it. */
export async function queryDatabase<Row>(path: string, sql: string): Promise<Row[]> {
  const database = await RawDatabase.open(path, 'existing', 1000);
  try {
    const [check] = await database.query<{ integrity_check: string }>('pragma integrity_check');
    if (check?.integrity_check !== 'ok') throw new Error(`${path} is damaged: ${JSON.stringify(check)}`);
    return await database.query<Row>(sql);
  } finally {
    await database.close();
  }
}

/** Changes a database file that no server has open. */
export async function changeDatabase(path: string, sql: string): Promise<void> {
  const database = await RawDatabase.open(path, 'create', 1000);
  try {
    await database.execute(sql);
  } finally {
    await database.close();
  }
}

export interface LeaseRow {
  readonly lock_name: string;
  readonly lease_id: string;
  readonly fencing_token: number;
}

export function readLeases(path: string): Promise<LeaseRow[]> {
  return queryDatabase<LeaseRow>(path, 'select lock_name, lease_id, fencing_token from leases');
}

/** The last fencing token of a database, and when it was restored. */
export async function readNumbers(path: string): Promise<{ token: number; restoredAt: number }> {
  const [row] = await queryDatabase<{ token: number; restoredAt: number }>(
    path,
    'select last_fencing_token as token, restored_at as restoredAt from server',
  );
  if (row === undefined) throw new Error(`${path} is not a database of ours`);
  return row;
}
