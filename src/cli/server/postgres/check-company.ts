import { Logger } from '@nestjs/common';
import type { Clock } from '../../../clock/clock.js';
import type { Config } from '../../../config/config.js';
import { GONE_AFTER_MS, type SeenReplica } from '../../../journal/cluster.js';
import { UnusableDatabaseError } from '../../../journal/errors.js';
import type { SharedDatabase } from '../../../journal/shared-database.js';
import type { RequiredKeys } from '../../../secrets/required-keys.js';

/** A server that runs reports every two seconds. */
const LOOK_EVERY_MS = 500;
const LOOKS = 11;

/** After a fail-over, a database has no synchronous standby for a while. */
const SYNCHRONOUS_WITHIN_MS = 30_000;

/** Throws `ConfigError` if this server lacks a secret key that the servers of the database need. */
export async function assertSameSecret(
  database: Pick<SharedDatabase, 'keepSecretCheck'>,
  keys: RequiredKeys,
): Promise<void> {
  await keys.assertHasAll(await database.keepSecretCheck(await keys.initial()));
}

/**
 * Throws `UnusableDatabaseError` if other servers run on the database, and a fail-over to one of its standbys could lose commits, now and
 * for half a minute. A database without standbys cannot fail over.
 */
export async function assertSafeForSeveral(
  database: Pick<SharedDatabase, 'replication' | 'cluster'>,
  { ALLOW_ASYNC_STANDBY }: Pick<Config, 'ALLOW_ASYNC_STANDBY'>,
  clock: Clock,
): Promise<void> {
  if (ALLOW_ASYNC_STANDBY) return;
  const untilMs = clock.monotonicMs() + SYNCHRONOUS_WITHIN_MS;
  for (let isFirst = true; ; isFirst = false) {
    const other = await otherAtRisk(database, clock);
    if (other === null) return;
    if (clock.monotonicMs() >= untilMs) throw unsafe(other);
    if (isFirst) logger.warn({ message: WAITING, otherServer: other.url });
    await clock.pause(LOOK_EVERY_MS);
  }
}

/** Another server on the database, if the leases that it grants could be lost. */
async function otherAtRisk(
  database: Pick<SharedDatabase, 'replication' | 'cluster'>,
  clock: Clock,
): Promise<SeenReplica | null> {
  const { standbys, isSynchronous } = await database.replication();
  return standbys === 0 || isSynchronous ? null : findOther(database, clock);
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

const logger = new Logger('Server');

const WAITING =
  'None of the standbys of the database is synchronous, and other servers use the database, too. ' +
  `The server waits up to ${SYNCHRONOUS_WITHIN_MS / 1000} seconds for a synchronous one`;

function unsafe({ url }: SeenReplica): UnusableDatabaseError {
  return new UnusableDatabaseError(
    `Another server (${url}) uses this database, and none of its standbys is synchronous. A fail-over could lose leases that clients hold. ` +
      'Set synchronous_standby_names in PostgreSQL, or ALLOW_ASYNC_STANDBY=true to accept that.',
  );
}
