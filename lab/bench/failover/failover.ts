import type { Replica } from '../../kit/server/replica.js';
import { nowMs, pause } from '../../../src/process/time.js';
import type { Team } from '../../kit/server/team.js';
import { median } from '../peers/comparison.js';
import type { Measurement, ScaleBenchmark } from '../scale/measurement.js';
import { fill } from './fill.js';
import { promotions } from './promotion.js';
import { rolesOf, withTeam } from './team.js';
import { Traffic } from './traffic.js';

const CLIENTS = 8;
const ROUNDS = 20;

/** Requests that must succeed before and after an event, so that the traffic is steady. */
const STEADY = 200;

/** The time after which a frozen leader goes on. */
const FROZEN_MS = 7_000;

const LEASE_MS = 3_000;

/** How long no request of any client succeeds when the leader of three replicas ends. */
export const failover: ScaleBenchmark = {
  name: 'failover',
  about:
    'how long clients of other replicas wait when the leader stops, is killed or is frozen, or the primary is lost',
  async run(reportProgress) {
    return [
      await withTeam(
        (team) => fill(team, 0),
        (team) => handOvers(team, reportProgress),
      ),
      await withTeam(
        (team) => fill(team, 0),
        (team) => promotions(team, { clients: CLIENTS, steady: STEADY }, reportProgress),
      ),
      ...(await unplanned(100_000, LEASE_MS + 1_500, reportProgress)),
      ...(await unplanned(950_000, 15_000, reportProgress)),
    ];
  },
};

type Report = (line: string) => void;

async function handOvers(team: Team, reportProgress: Report): Promise<Measurement> {
  const gaps: number[] = [];
  const failures: string[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    const { gapMs, failed } = await during(team, async (leader) => void (await leader.stop()));
    gaps.push(gapMs);
    failures.push(...failed);
    reportProgress(`hand-over ${round}: ${Math.round(gapMs)} ms, ${failed.length} failed`);
    for (const what of new Set(failed)) reportProgress(what);
  }
  const [p50, longest] = [median(gaps), Math.max(...gaps)];
  return {
    name: `SIGTERM under load, ${ROUNDS} rounds`,
    figure: `gap p50 ${Math.round(p50)} ms, longest ${Math.round(longest)} ms; ${failures.length} failed requests`,
    target: 'no failed request, at most 500 ms',
    isMet: failures.length === 0 && longest <= 500,
  };
}

async function unplanned(leases: number, targetMs: number, reportProgress: Report): Promise<Measurement[]> {
  reportProgress(`${leases} leases`);
  return withTeam(
    (team) => fill(team, leases),
    async (team) => {
      const killed = await during(team, (leader) => leader.kill());
      const frozen = await during(team, freezeForAWhile);
      return [
        measured(`kill -9 with ${leases} leases`, killed.gapMs, targetMs),
        measured(`SIGSTOP with ${leases} leases`, frozen.gapMs, targetMs),
      ];
    },
  );
}

async function freezeForAWhile(leader: Replica): Promise<void> {
  leader.freeze();
  await pause(FROZEN_MS);
  leader.thaw();
}

function measured(name: string, gapMs: number, targetMs: number): Measurement {
  return {
    name,
    figure: `gap ${(gapMs / 1000).toFixed(1)} s`,
    target: `at most ${targetMs / 1000} s`,
    isMet: gapMs <= targetMs,
  };
}

/** The gap that an event leaves in the traffic through the replicas that do not lead, and the requests that failed. */
async function during(
  team: Team,
  event: (leader: Replica) => Promise<void>,
): Promise<{ readonly gapMs: number; readonly failed: readonly string[] }> {
  const { leader, standbys } = await rolesOf(team);
  const traffic = new Traffic(standbys, team.token, CLIENTS);
  await traffic.more(STEADY);
  const sinceMs = nowMs();
  await event(leader);
  await traffic.more(STEADY);
  await rolesOf(team);
  await traffic.more(STEADY);
  await traffic.end();
  if (!leader.isRunning) leader.start();
  await leader.listens();
  return { gapMs: traffic.longestGapMs(sinceMs), failed: traffic.failures.map(({ what }) => what) };
}
