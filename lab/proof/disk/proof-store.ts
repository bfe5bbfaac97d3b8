import { SystemClock } from '../../../src/clock/system-clock.js';
import { LockStore } from '../../../src/store/lock-store.js';
import { SqliteLocation } from '../../../src/installation/sqlite-location.js';
import { openJournal } from '../../../src/journal/open-journal.js';
import type { StoreOptions } from '../../../src/store/store-options.js';

const OPTIONS: StoreOptions = {
  // Locks that cool count too, and they cool for longer than a proof runs.
  maxLocks: 1_000_000,
  maxLocksPerUser: 1_000_000,
  maxSessions: 1000,
  maxSessionsPerUser: 1000,
  maxWaiters: 1000,
  maxWaitersPerUser: 1000,
  maxFences: 1000,
  maxFencesPerUser: 1000,
  restartGraceSeconds: 10,
  // Low, so that events are pruned constantly and the database stays small.
  eventRetention: 300,
  maxPendingCommands: 10_000,
  confirmedReads: false,
};

/** Opens the real store on a real file. */
export async function openStore(databasePath: string): Promise<LockStore> {
  const journal = await openJournal(await SqliteLocation.find(databasePath), new SystemClock());
  try {
    return await LockStore.lead(journal, new SystemClock(), OPTIONS);
  } catch (error) {
    // A server would exit here. A proof continues and needs the file again.
    await journal.close().catch(() => undefined);
    throw error;
  }
}

/** Ends the term and disconnects, so that the next start in this process can have the file. */
export async function closeStore(store: LockStore): Promise<void> {
  await store.close();
  await store.journal.close();
}
