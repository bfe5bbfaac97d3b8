import { SystemClock } from '../../../src/clock/system-clock.js';
import { LockStore } from '../../../src/store/lock-store.js';
import { SqliteJournal } from '../../../src/store/sqlite/sqlite-journal.js';

const PLENTY = 10_000_000;

/** Opens the real store on a database, without the limits that are meant for users. */
export function openStore(path: string): Promise<LockStore> {
  return LockStore.open(new SqliteJournal(path), new SystemClock(), {
    maxLocks: PLENTY,
    maxLocksPerUser: PLENTY,
    maxSessions: PLENTY,
    maxSessionsPerUser: PLENTY,
    maxWaiters: PLENTY,
    maxWaitersPerUser: PLENTY,
    restartGraceSeconds: 10,
    eventRetention: 100_000,
    maxPendingCommands: PLENTY,
  });
}
