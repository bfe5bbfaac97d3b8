import type { PostgresLocation } from '../../../installation/postgres-location.js';
import type { Cluster, PastTerm, SeenReplica } from '../../cluster.js';
import type { Wire } from '../connection/connection.js';
import { onPrimary } from '../connection/on-primary.js';
import { FORMAT } from './format.js';

const NO_SERVER: Cluster = { format: FORMAT, replicas: [], terms: [] };

/** Throws `DatabaseUnavailableError`. */
export function readCluster(location: PostgresLocation): Promise<Cluster> {
  return onPrimary(location, NO_SERVER, clusterOn);
}

export async function clusterOn(connection: Pick<Wire, 'query'>): Promise<Cluster> {
  const replicas = await connection.query<SeenReplica>({ text: SELECT_REPLICAS });
  const terms = await connection.query<PastTerm>({ text: SELECT_TERMS });
  const server = await connection.query<{ format: number }>({
    text: 'select format from server where id = 1',
  });
  return { format: server.rows[0]?.format ?? FORMAT, replicas: replicas.rows, terms: terms.rows };
}

const SELECT_REPLICAS = `
  select r.replica_id as "replicaId", r.url, r.version, r.format, r.settings,
      exists (
        select from server s join terms t on t.reign = s.reign
          where s.leader_url is not null and t.replica_id = r.replica_id
      ) as "isLeader",
      (extract(epoch from r.started_at) * 1000)::bigint as "startedAtMs",
      greatest(0, extract(epoch from clock_timestamp() - r.seen_at) * 1000)::bigint as "seenAgoMs"
    from replicas r order by "isLeader" desc, r.started_at, r.replica_id`;

const SELECT_TERMS = `
  select t.epoch, coalesce(t.url, r.url) as url, coalesce(t.version, r.version) as version, t.reason, t.skipped,
      (extract(epoch from t.began_at) * 1000)::bigint as "beganAtMs"
    from terms t left join replicas r on r.replica_id = t.replica_id order by t.epoch desc, t.began_at desc`;
