import type { Clock } from '../clock/clock.js';
import type { DatabaseLocation } from '../installation/database-location.js';
import type { Journal } from './journal.js';
import { PostgresJournal } from './postgres/postgres-journal.js';
import { SqliteJournal } from './sqlite/sqlite-journal.js';

/**
 * Connects to the database at a location, with the engine for that location, and upgrades its schema if necessary. Throws
 * `DatabaseInUseError` and `NewerSchemaError`.
 */
export function openJournal(location: DatabaseLocation, clock: Clock): Promise<Journal> {
  return location.engine === 'sqlite'
    ? SqliteJournal.connect(location)
    : PostgresJournal.connect(location, clock);
}
