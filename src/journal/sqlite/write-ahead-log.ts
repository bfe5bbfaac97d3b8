import { existsSync } from 'node:fs';
import type { SqliteLocation } from '../../installation/sqlite-location.js';
import { rewriteDurably } from '../../installation/durable-files.js';

/**
 * Makes sure that the log of an earlier process is on disk, and not only in the page cache. That process may have ended
 * because a sync failed. Data that SQLite then reads from the log could be lost in a power cut. Call this before you open the
 * database, with the process lock held.
 */
export async function secureLog({ path, writeAheadLog }: SqliteLocation): Promise<void> {
  if (existsSync(path) && existsSync(writeAheadLog)) await rewriteDurably(writeAheadLog);
}
