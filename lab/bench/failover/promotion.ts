import { SUPERUSER, type Cluster } from '../../kit/postgres/cluster.js';
import type { Team } from '../../kit/server/team.js';
import { nowMs, pause } from '../../../src/process/time.js';
import { median } from '../peers/comparison.js';
import type { Measurement } from '../scale/measurement.js';
import { rolesOf } from './team.js';
import { Traffic } from './traffic.js';

/**
 * How long the loss of the primary goes unnoticed, in milliseconds, round by round: less than the lease of the leader, and more. Tools
 * need some seconds to be sure.
 */
const UNNOTICED_MS = [0, 1_000, 3_000, 5_000, 10_000] as const;

/** The lease of the leader, and two seconds. */
const TARGET_MS = 5_000;

/** How often to look whether the new primary takes writes. */
const POLL_MS = 2;

interface Load {
  readonly clients: number;
  /** Requests that must succeed before and after, so that the traffic is steady. */
  readonly steady: number;
}

/** How long no client gets a change acknowledged although the new primary takes writes. */
export async function promotions(
  team: Team,
  load: Load,
  reportProgress: (line: string) => void,
): Promise<Measurement> {
  await team.pair.primary.query('create table probe ()');
  const gaps: number[] = [];
  for (const unnoticedMs of UNNOTICED_MS) {
    const gapMs = await promotion(team, load, unnoticedMs);
    gaps.push(gapMs);
    reportProgress(`promoted after ${unnoticedMs} ms: gap ${Math.round(gapMs)} ms`);
  }
  const longest = Math.max(...gaps);
  return {
    name: `database promoted, ${gaps.length} rounds`,
    figure: `gap p50 ${inSeconds(median(gaps))} s after the new primary takes writes, longest ${inSeconds(longest)} s`,
    target: `at most ${TARGET_MS / 1000} s`,
    isMet: longest <= TARGET_MS,
  };
}

async function promotion(team: Team, { clients, steady }: Load, unnoticedMs: number): Promise<number> {
  const { standbys } = await rolesOf(team);
  const traffic = new Traffic(standbys, team.token, clients);
  await traffic.more(steady);
  team.pair.primary.kill();
  await pause(unnoticedMs);
  const writable = untilWritable(team.pair.standby);
  await team.pair.promote();
  const writableMs = await writable;
  await traffic.more(steady);
  await traffic.end();
  await team.pair.rejoin();
  return traffic.nextSuccessMs(writableMs) - writableMs;
}

/** Resolves with the time at which a write has succeeded. */
async function untilWritable(standby: Cluster): Promise<number> {
  const client = await standby.connect({ user: SUPERUSER }, 'postgres');
  const write = (): Promise<boolean> =>
    client.query('insert into probe default values').then(
      () => true,
      () => false,
    );
  try {
    while (!(await write())) await pause(POLL_MS);
    return nowMs();
  } finally {
    await client.end();
  }
}

function inSeconds(ms: number): string {
  return (ms / 1000).toFixed(2);
}
