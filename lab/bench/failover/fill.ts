import type { Team } from '../../kit/server/team.js';

const TTL_SECONDS = 3600;

/** Lets a replica create the schema, then gives many leases to a user of their own, as a term that has ended would leave them. */
export async function fill(team: Team, leases: number): Promise<void> {
  const [first] = team.replicas;
  first?.start();
  await first?.listens();
  await team.set.untilLed(60_000);
  await first?.stop();
  if (leases > 0) await team.pair.primary.query(insertLeases(leases), 'octostore');
}

function insertLeases(count: number): string {
  return `
    insert into users (user_id, provider, subject, login, created_at) values ('holder', 'local', 'holder', 'holder', 0);
    insert into leases (fencing_token, lock_name, lease_id, user_id, ttl_seconds, deadline)
      select server.last_fencing_token + number, 'held/' || number, gen_random_uuid()::text,
        'holder', ${TTL_SECONDS}, server.last_instant + ${TTL_SECONDS * 1000}
      from server, generate_series(1, ${count}) as number;
    update server set last_fencing_token = last_fencing_token + ${count};`;
}
