import { SystemClock } from '../../../src/clock/system-clock.js';
import { LockStore } from '../../../src/store/lock-store.js';
import { openJournalAt } from '../journal.js';
import { acquireRequest } from '../law.js';

/**
 * Opens a database and acquires locks until it is killed, eight at a time. Prints `ready`, and the token of each grant once
 * it has been acknowledged.
 */
const [path = ''] = process.argv.slice(2);
const store = await LockStore.lead(await openJournalAt(path), new SystemClock(), {
  maxLocks: 1_000_000,
  maxLocksPerUser: 1_000_000,
  maxSessions: 1,
  maxSessionsPerUser: 1,
  maxWaiters: 0,
  maxWaitersPerUser: 0,
  maxFences: 1,
  maxFencesPerUser: 1,
  restartGraceSeconds: 10,
  eventRetention: 100_000,
  maxPendingCommands: 1_000,
  confirmedReads: false,
});
process.stdout.write('ready\n');
let number = 0;

async function acquireForEver(): Promise<never> {
  for (;;) {
    number += 1;
    const answer = await store.acquire(acquireRequest(`lock-${number}`, { ttl: 3_600 }), 0);
    if (answer.kind === 'acquired') process.stdout.write(`${answer.lease.fencingToken}\n`);
  }
}

await Promise.all(Array.from({ length: 8 }, acquireForEver));
