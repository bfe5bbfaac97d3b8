import type { Replica } from '../kit/server/replica.js';
import type { Team } from '../kit/server/team.js';

/** As wide as `kill -TERM` with the longest process id. */
const COMMAND_WIDTH = 18;

/** What to know, and what to try. */
export function introduction(team: Team, leader: Replica): string {
  const { primary, standby } = team.pair;
  return `Three replicas of OctoStore share one PostgreSQL database with a synchronous standby.
Everything runs on this machine, and listens on 127.0.0.1 only. Ctrl-C stops it all.

${team.replicas.map((replica) => describe(replica, leader)).join('\n')}
  primary    127.0.0.1:${primary.port}
  standby    127.0.0.1:${standby.port}

Acquire a lock. Any replica takes the request, and you can repeat it after everything that you do below:

  ${acquireCommand(team, leader)}

Then, in another terminal, end the leader. Another replica takes over, and the lock is still yours:

  ${killCommand(leader).padEnd(COMMAND_WIDTH)}  # as a crash does: no one leads for about 3 seconds
  ${stopCommand(leader).padEnd(COMMAND_WIDTH)}  # as a deployment does: another one leads at once

A replica that has ended is started again after 5 seconds.

Or lose the primary, and promote the standby. The replicas find it by themselves:

  ${primary.lossCommand}
  ${standby.promotionCommand}

Who leads, from now on:
`;
}

export function killCommand({ processId }: Replica): string {
  return `kill -9 ${processId}`;
}

export function stopCommand({ processId }: Replica): string {
  return `kill -TERM ${processId}`;
}

function describe(replica: Replica, leader: Replica): string {
  const role = replica === leader ? 'leads' : 'stands by';
  return `  replica ${replica.name}  ${replica.url}   process ${replica.processId}   ${role}`;
}

/** Through a replica that does not lead, to show that this works. */
function acquireCommand({ replicas, token }: Team, leader: Replica): string {
  const other = replicas.find((replica) => replica !== leader) ?? leader;
  return `curl -X POST ${other.url}/locks/hello/acquire \\
    -H "Authorization: Bearer ${token}" -d '{"ttl_seconds": 600}'`;
}
