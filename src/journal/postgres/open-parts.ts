import type { DataSource } from 'typeorm';
import type { Clock } from '../../clock/clock.js';
import type { PostgresLocation } from '../../installation/postgres-location.js';
import { buildBatchCall, type CallFor } from './batch-call.js';
import { Membership } from './cluster/membership.js';
import { Link } from './connection/link.js';
import { Persistence } from './connection/persistence.js';
import { connectToPrimary, type Connect, type Primary } from './connection/primary.js';
import { openDataSource } from './schema.js';
import { Candidate } from './term/candidate.js';
import { Settler } from './term/settler.js';
import { LeaderView } from './term/leader-view.js';
import { LineSamples } from './term/line-samples.js';
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
  readonly sightings: Sightings;
  readonly samples: LineSamples;
  readonly resignation: Resignation;
  readonly membership: Membership;
  /** Ends everything that waits. */
  readonly abort: (reason: Error) => void;
}

/** Throws `DatabaseUnavailableError`, `UnusableDatabaseError` and `NewerSchemaError`. */
export async function openParts(
  location: PostgresLocation,
  clock: Clock,
  timing: Timing,
): Promise<JournalParts> {
  const connect: Connect = (last) => connectToPrimary(location, last);
  const primary = await connect(null);
  try {
    const dataSource = await upgradedSchema(location, primary);
    return assembleParts({ databaseName: location.name, connect, clock, timing, dataSource }, primary);
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

/** What a journal is made of, in a database whose schema is current. */
interface Foundation {
  /** What messages call the database. */
  readonly databaseName: string;
  readonly connect: Connect;
  readonly clock: Clock;
  readonly timing: Timing;
  /** Describes the tables. It need not be connected. */
  readonly dataSource: DataSource;
}

export function assembleParts(
  { databaseName, connect, clock, timing, dataSource }: Foundation,
  primary: Primary | null = null,
): JournalParts {
  const closing = new AbortController();
  const persistence = new Persistence(clock, closing.signal);
  const sightings = new Sightings();
  const writes = new Link(connect, clock, COMMIT_WITHIN_MS, primary);
  const view = new LeaderView();
  const samples = new LineSamples();
  const resignation = new Resignation(writes, clock);
  const settler = new Settler({ link: writes, clock, persistence, sightings, view, samples });
  const reads = new Link(connect, clock, READ_WITHIN_MS);
  const membership = new Membership({ link: reads, persistence });
  const common = { settler, sightings, view, resignation, membership, clock, persistence, timing };
  return {
    clock,
    dataSource,
    callFor: buildBatchCall(dataSource),
    writes,
    reads,
    membership,
    persistence,
    settler,
    view,
    sightings,
    samples,
    resignation,
    candidate: new Candidate({ databaseName, ...common }),
    observer: new Observer({ settler, persistence, everyMs: timing.observeEveryMs }),
    abort: (reason) => closing.abort(reason),
  };
}
