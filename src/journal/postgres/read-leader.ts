import type { PostgresLocation } from '../../installation/postgres-location.js';
import { connectToPrimary } from './connection/primary.js';
import { hasCode } from './connection/sql-errors.js';
import { SELECT_LEADERSHIP, type Leadership } from './term/position.js';

/** The process that leads. */
export interface Leader {
  /** How to reach it. Empty if it has not said so yet. */
  readonly url: string;
  /** Identifies its term. */
  readonly reign: string;
}

const UNDEFINED_TABLE = '42P01';

/** Who leads, or null if no one does. Throws `DatabaseUnavailableError`. */
export async function readLeader(location: PostgresLocation): Promise<Leader | null> {
  const { connection } = await connectToPrimary(location);
  try {
    const { rows } = await connection.query<Leadership>({ text: SELECT_LEADERSHIP });
    const { leaderUrl = null, reign = null } = rows[0] ?? {};
    return leaderUrl === null || reign === null ? null : { url: leaderUrl, reign };
  } catch (error) {
    if (hasCode(error, UNDEFINED_TABLE)) return null; // No server has ever started here.
    throw error;
  } finally {
    await connection.close();
  }
}
