import { Pair } from '../../kit/postgres/pair.js';
import type { Replica } from '../../kit/server/replica.js';
import { Team } from '../../kit/server/team.js';

/** Starts PostgreSQL with a synchronous standby and three replicas. `prepare` runs before the replicas start. */
export async function withTeam<T>(
  prepare: (team: Team) => Promise<void>,
  use: (team: Team) => Promise<T>,
): Promise<T> {
  const pair = await Pair.create();
  if (pair === null) throw new Error('PostgreSQL is not installed (Debian: postgresql)');
  const team = await Team.on(pair);
  try {
    await prepare(team);
    await team.start(new AbortController().signal);
    return await use(team);
  } finally {
    await team.remove();
  }
}

/** The leader, and the others. */
export async function rolesOf(team: Team): Promise<{ leader: Replica; standbys: readonly Replica[] }> {
  const leader = await team.set.untilLed(60_000);
  return { leader, standbys: team.replicas.filter((replica) => replica !== leader) };
}
