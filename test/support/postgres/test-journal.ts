import { onTestFinished } from 'vitest';
import type { Clock } from '../../../src/clock/clock.js';
import { SystemClock } from '../../../src/clock/system-clock.js';
import type { PostgresLocation } from '../../../src/installation/postgres-location.js';
import { PostgresJournal } from '../../../src/journal/postgres/postgres-journal.js';
import { TIMING, type Timing } from '../../../src/journal/postgres/term/timing.js';
import { RowChanges } from '../../../src/journal/row-changes.js';
import { leaseRow, WATERMARKS } from '../store-rows.js';
import type { Cluster } from '../../../lab/kit/postgres/cluster.js';
import { TestDatabase } from './test-database.js';

/** A journal with the number of its term. */
export interface Leading {
  readonly journal: PostgresJournal;
  readonly epoch: number;
}

/** A database that is dropped after the test. */
export async function testDatabase(cluster: Cluster): Promise<TestDatabase> {
  const database = await TestDatabase.create(cluster);
  onTestFinished(() => database.drop());
  return database;
}

/** A journal that is closed after the test. */
export async function connectTo(
  location: PostgresLocation,
  clock: Clock = new SystemClock(),
  timing: Timing = TIMING,
): Promise<PostgresJournal> {
  const journal = await PostgresJournal.connect(location, clock, timing);
  onTestFinished(() => journal.close());
  return journal;
}

/** A journal that has begun a term. */
export async function leadAt(location: PostgresLocation, clock?: Clock): Promise<Leading> {
  const journal = await connectTo(location, clock);
  return { journal, epoch: (await journal.lead()).epoch };
}

/** Commits a batch with one lease. */
export function commitLease({ journal, epoch }: Leading, fencingToken: number): Promise<void> {
  const rows = new RowChanges().put('leases', leaseRow(fencingToken));
  return journal.commit({ epoch, watermarks: { ...WATERMARKS, lastFencingToken: fencingToken }, rows });
}

/** The fencing tokens of all leases, in order. */
export async function tokensIn(database: TestDatabase): Promise<number[]> {
  const rows = await database.query<{ token: number }>(
    'select fencing_token::int as token from leases order by 1',
  );
  return rows.map(({ token }) => token);
}
