import type { PostgresLocation } from '../../installation/postgres-location.js';
import { onPrimary } from './connection/on-primary.js';
import { SELECT_LEADERSHIP, type Leadership } from './term/position.js';

/** The process that leads. */
export interface Leader {
  /** How to reach it. Empty if it has not said so yet. */
  readonly url: string;
  /** Identifies its term. */
  readonly reign: string;
}

/** Who leads, or null if no one does. Throws `DatabaseUnavailableError`. */
export function readLeader(location: PostgresLocation): Promise<Leader | null> {
  return onPrimary(location, null, async (connection) => {
    const { rows } = await connection.query<Leadership>({ text: SELECT_LEADERSHIP });
    const { leaderUrl = null, reign = null } = rows[0] ?? {};
    return leaderUrl === null || reign === null ? null : { url: leaderUrl, reign };
  });
}
