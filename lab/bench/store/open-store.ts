import { SystemClock } from '../../../src/clock/system-clock.js';
import { LockStore } from '../../../src/store/lock-store.js';
import { SqliteLocation } from '../../../src/installation/sqlite-location.js';
import { openJournal } from '../../../src/journal/open-journal.js';

const PLENTY = 10_000_000;

/** Opens the real store on a database, without limits per user. */
export async function openStore(path: string): Promise<LockStore> {
  const journal = await openJournal(await SqliteLocation.find(path), new SystemClock());
  return LockStore.lead(journal, new SystemClock(), {
    maxLocks: PLENTY,
    maxLocksPerUser: PLENTY,
    maxSessions: PLENTY,
    maxSessionsPerUser: PLENTY,
    maxWaiters: PLENTY,
    maxWaitersPerUser: PLENTY,
    maxFences: PLENTY,
    maxFencesPerUser: PLENTY,
    restartGraceSeconds: 10,
    eventRetention: 100_000,
    maxPendingCommands: PLENTY,
    confirmedReads: false,
  });
}
