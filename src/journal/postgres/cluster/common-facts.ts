import type { PostgresLocation } from '../../../installation/postgres-location.js';
import type { Replication } from '../../cluster.js';
import { onPrimary } from '../connection/on-primary.js';
import { connectToPrimary } from '../connection/primary.js';

/** What recognizes the secret keys of all servers. Null if no server has used the database. */
export function readSecretCheck(location: PostgresLocation): Promise<string | null> {
  return onPrimary(location, null, async (connection) => {
    const { rows } = await connection.query<StoredCheck>({ text: SELECT_SECRET_CHECK });
    return rows[0]?.check ?? null;
  });
}

/** Stores what recognizes the secret keys of all servers, unless that is stored already. Resolves with what is stored. */
export async function keepSecretCheck(location: PostgresLocation, check: string): Promise<string> {
  const [row] = await queryOnce<{ check: string }>(location, KEEP_SECRET_CHECK, [check]);
  return row?.check ?? check;
}

export async function readReplication(location: PostgresLocation): Promise<Replication> {
  const [row] = await queryOnce<Replication>(location, SELECT_REPLICATION);
  return row ?? { standbys: 0, isSynchronous: false };
}

async function queryOnce<Row>(
  location: PostgresLocation,
  text: string,
  values: readonly string[] = [],
): Promise<readonly Row[]> {
  const { connection } = await connectToPrimary(location);
  try {
    return (await connection.query<Row>({ text, values })).rows;
  } finally {
    await connection.close();
  }
}

export interface StoredCheck {
  readonly check: string | null;
}

export const SELECT_SECRET_CHECK = 'select secret_check as "check" from server where id = 1';

/** Changes nothing if the term is over. */
export const STORE_SECRET_CHECK = 'update server set secret_check = $1 where id = 1 and reign = $2';

/** Of several servers that start together on a new database, the second one waits for the first, and then sees what that has stored. */
const KEEP_SECRET_CHECK = `
  update server set secret_check = coalesce(secret_check, $1) where id = 1 returning secret_check as "check"`;

/** Every user sees the rows of all standbys, but not all of their columns. */
const SELECT_REPLICATION = `
  select (select count(*) from pg_stat_replication)::int as "standbys",
    current_setting('synchronous_standby_names') <> '' as "isSynchronous"`;
