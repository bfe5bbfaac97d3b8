import type { DataSource } from 'typeorm';
import type { Clock } from '../../clock/clock.js';
import type { PostgresLocation } from '../../installation/postgres-location.js';
import { buildBatchCall, type CallFor } from './batch-call.js';
import { Link } from './connection/link.js';
import { Persistence } from './connection/persistence.js';
import { connectToPrimary, type Primary } from './connection/primary.js';
import { openDataSource } from './schema.js';
import { Candidate } from './term/candidate.js';
import { Settler } from './term/settler.js';
import { LeaderView } from './term/leader-view.js';
import { Observer } from './term/observer.js';
import { Resignation } from './term/resignation.js';
import { Sightings } from './term/sightings.js';
import type { Timing } from './term/timing.js';
import { upgradeSchema } from './upgrade.js';

/**
 * How long a commit may take before it is sent again on a new connection, in milliseconds. The old server may have vanished without
 * a word. If it has not, and only waits for a standby, the second call waits for the first one.
 */
const COMMIT_WITHIN_MS = 10_000;

const READ_WITHIN_MS = 60_000;

/** What an open journal consists of. */
export interface JournalParts {
  readonly clock: Clock;
  /** Describes the tables. It is no longer connected. */
  readonly dataSource: DataSource;
  readonly callFor: CallFor;
  readonly writes: Link;
  readonly reads: Link;
  readonly persistence: Persistence;
  readonly settler: Settler;
  readonly candidate: Candidate;
  readonly observer: Observer;
  readonly view: LeaderView;
  readonly resignation: Resignation;
  /** Ends everything that waits. */
  readonly abort: (reason: Error) => void;
}

/** Throws `DatabaseUnavailableError`, `UnusableDatabaseError` and `NewerSchemaError`. */
export async function openParts(
  location: PostgresLocation,
  clock: Clock,
  timing: Timing,
): Promise<JournalParts> {
  const primary = await connectToPrimary(location);
  try {
    const dataSource = await upgradedSchema(location, primary);
    const writes = new Link(location, clock, COMMIT_WITHIN_MS, primary);
    return { dataSource, writes, ...connectParts(location, clock, timing, dataSource, writes) };
  } catch (error) {
    primary.connection.cut();
    throw error;
  }
}

async function upgradedSchema(location: PostgresLocation, { host }: Primary): Promise<DataSource> {
  const dataSource = await openDataSource(location, host);
  try {
    await upgradeSchema(dataSource, location);
  } finally {
    await dataSource.destroy();
  }
  return dataSource;
}

function connectParts(
  location: PostgresLocation,
  clock: Clock,
  timing: Timing,
  dataSource: DataSource,
  writes: Link,
): Omit<JournalParts, 'dataSource' | 'writes'> {
  const closing = new AbortController();
  const persistence = new Persistence(clock, closing.signal);
  const sightings = new Sightings();
  const view = new LeaderView();
  const resignation = new Resignation(writes, clock);
  const settler = new Settler({ link: writes, clock, persistence, sightings, view });
  const common = { settler, sightings, view, resignation, clock, persistence, timing };
  return {
    clock,
    callFor: buildBatchCall(dataSource),
    reads: new Link(location, clock, READ_WITHIN_MS),
    persistence,
    settler,
    view,
    resignation,
    candidate: new Candidate({ databaseName: location.name, ...common }),
    observer: new Observer({ settler, persistence, everyMs: timing.observeEveryMs }),
    abort: (reason) => closing.abort(reason),
  };
}
