import { existsSync } from 'node:fs';
import type { SqliteLocation } from '../../installation/sqlite-location.js';
import { rewriteDurably } from '../../installation/durable-files.js';

/**
 * Makes sure that what SQLite will read from the log that an earlier process left is on disk, not only in memory. That process
 * may have ended because a sync failed; whoever builds on what such a log seems to hold can lose it all at a power cut.
 * Call it before the database is opened, and with the process lock.
 */
export async function secureLog({ path, writeAheadLog }: SqliteLocation): Promise<void> {
  if (existsSync(path) && existsSync(writeAheadLog)) await rewriteDurably(writeAheadLog);
}
