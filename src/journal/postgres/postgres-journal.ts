import type { Clock } from '../../clock/clock.js';
import type { PostgresLocation } from '../../installation/postgres-location.js';
import type { Journal } from '../journal.js';

/** The journal in a PostgreSQL database. */
export class PostgresJournal {
  static connect(location: PostgresLocation, _clock: Clock): Promise<Journal> {
    throw new Error(`${location.name} cannot be used yet`);
  }
}
