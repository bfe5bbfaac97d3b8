import type { Clock } from '../../clock/clock.js';
import type { PostgresLocation } from '../../installation/postgres-location.js';
import { Journal } from '../journal.js';

/** The journal in a PostgreSQL database. */
export abstract class PostgresJournal extends Journal {
  abstract readonly reign: string;

  static connect(location: PostgresLocation, _clock: Clock): Promise<PostgresJournal> {
    throw new Error(`${location.name} cannot be used yet`);
  }

  abstract advertise(url: string | null): Promise<void>;
}
