import type { PostgresLocation } from '../../../installation/postgres-location.js';
import type { Wire } from './connection.js';
import { connectToPrimary } from './primary.js';
import { hasCode } from './sql-errors.js';

const UNDEFINED_TABLE = '42P01';

/** Runs `use` on a connection of its own. Resolves with `none` if no server of this version has ever used the database. */
export async function onPrimary<T>(
  location: PostgresLocation,
  none: T,
  use: (connection: Wire) => Promise<T>,
): Promise<T> {
  const { connection } = await connectToPrimary(location);
  try {
    return await use(connection);
  } catch (error) {
    if (hasCode(error, UNDEFINED_TABLE)) return none;
    throw error;
  } finally {
    await connection.close();
  }
}
