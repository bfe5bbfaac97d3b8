import type { PostgresLocation } from '../../../installation/postgres-location.js';
import { GONE_AFTER_MS, type Finalized, type SeenReplica } from '../../cluster.js';
import type { Wire } from '../connection/connection.js';
import { FORMAT } from './format.js';
import { onPrimary } from '../connection/on-primary.js';
import { clusterOn } from './read-cluster.js';

const NOTHING: Finalized = { formatBefore: FORMAT, format: FORMAT, outdated: [] };

/** Raises the format to the highest that every server can read. Throws `DatabaseUnavailableError`. */
export function finalize(location: PostgresLocation): Promise<Finalized> {
  return onPrimary(location, NOTHING, finalizeOn);
}

async function finalizeOn(connection: Wire): Promise<Finalized> {
  const before = await clusterOn(connection);
  await connection.query({ text: RAISE });
  const { format, replicas } = await clusterOn(connection);
  return { formatBefore: before.format, format, outdated: replicas.filter(isOutdated) };
}

function isOutdated({ format, seenAgoMs }: SeenReplica): boolean {
  return format < FORMAT && seenAgoMs < GONE_AFTER_MS;
}

/** In one statement, so that a server that starts in the meantime is seen, or finds the raised format. */
const RAISE = `
  update server set format = seen.lowest
    from (
      select min(format) as lowest from replicas
        where seen_at > clock_timestamp() - interval '${GONE_AFTER_MS} ms'
    ) as seen
    where id = 1 and seen.lowest > server.format`;
