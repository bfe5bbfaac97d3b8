import { ownFunction } from './own-function.js';

/**
 * Says that a server is there, and forgets those that have not said so for an hour. It is not part of the chain of commits, and does not
 * wait for standbys: what is lost is written again two seconds later.
 */
export const REPORT_REPLICA = ownFunction({
  verb: 'report_replica',
  parameters: ['p_id text', 'p_url text', 'p_version text', 'p_format bigint', 'p_settings text'],
  body: `begin
  perform set_config('synchronous_commit', 'local', true);
  insert into replicas (replica_id, url, version, format, settings, started_at, seen_at)
    values (p_id, p_url, p_version, p_format, p_settings, clock_timestamp(), clock_timestamp())
    on conflict (replica_id) do update set url = excluded.url, settings = excluded.settings, seen_at = excluded.seen_at;
  delete from replicas where seen_at < clock_timestamp() - interval '1 hour';
end`,
});

/** Says that a server has ended. */
export const FORGET_REPLICA = ownFunction({
  verb: 'forget_replica',
  parameters: ['p_id text'],
  body: `begin
  perform set_config('synchronous_commit', 'local', true);
  delete from replicas where replica_id = p_id;
end`,
});
