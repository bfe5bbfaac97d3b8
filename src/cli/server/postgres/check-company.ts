import type { Clock } from '../../../clock/clock.js';
import { ConfigError, type Config } from '../../../config/config.js';
import { GONE_AFTER_MS, type SeenReplica } from '../../../journal/cluster.js';
import { UnusableDatabaseError } from '../../../journal/errors.js';
import type { SharedDatabase } from '../../../journal/shared-database.js';
import { matchesSecretCheck, secretCheckOf } from '../../../secrets/secret-check.js';

/** A server that runs reports every two seconds. */
const LOOK_EVERY_MS = 500;
const LOOKS = 11;

const OTHER_KEY =
  'SECRET_KEY: is not the key of the other servers on this database, or not the one that was used before. Set that one. ' +
  'If it is lost, see "A lost SECRET_KEY" in docs/postgres.md';

/** Throws `ConfigError` if the servers of the database have another secret key. */
export async function assertSameSecret(
  database: Pick<SharedDatabase, 'keepSecretCheck'>,
  secretKey: string,
): Promise<void> {
  const kept = await database.keepSecretCheck(await secretCheckOf(secretKey));
  if (!(await matchesSecretCheck(kept, secretKey))) throw new ConfigError([OTHER_KEY]);
}

/**
 * Throws `UnusableDatabaseError` if other servers run on the database, and a fail-over to one of its standbys could lose commits. A
 * database without standbys cannot fail over.
 */
export async function assertSafeForSeveral(
  database: Pick<SharedDatabase, 'replication' | 'cluster'>,
  { ALLOW_ASYNC_STANDBY }: Pick<Config, 'ALLOW_ASYNC_STANDBY'>,
  clock: Clock,
): Promise<void> {
  if (ALLOW_ASYNC_STANDBY) return;
  const { standbys, isSynchronous } = await database.replication();
  if (standbys === 0 || isSynchronous) return;
  const other = await findOther(database, clock);
  if (other !== null) throw unsafe(other);
}

/** A server that reports again while this one looks. One that was killed has been seen a moment ago, but does not report again. */
async function findOther(
  database: Pick<SharedDatabase, 'cluster'>,
  clock: Clock,
): Promise<SeenReplica | null> {
  const seen = new Map<string, number>();
  for (let looks = 0; looks < LOOKS; looks += 1) {
    const replicas = (await database.cluster()).replicas.filter(({ seenAgoMs }) => seenAgoMs < GONE_AFTER_MS);
    const other = replicas.find(({ replicaId, seenAgoMs }) => seenAgoMs < (seen.get(replicaId) ?? 0));
    if (other !== undefined) return other;
    if (replicas.length === 0) return null;
    for (const { replicaId, seenAgoMs } of replicas) seen.set(replicaId, seenAgoMs);
    await clock.pause(LOOK_EVERY_MS);
  }
  return null;
}

function unsafe({ url }: SeenReplica): UnusableDatabaseError {
  return new UnusableDatabaseError(
    `Another server (${url}) uses this database, and none of its standbys is synchronous. A fail-over could lose leases that clients hold. ` +
      'Set synchronous_standby_names in PostgreSQL, or ALLOW_ASYNC_STANDBY=true to accept that.',
  );
}
