import type { Direction } from '../../kit/proxy/cutting-proxy.js';
import type { Random } from '../../kit/random.js';
import type { Replica } from '../../kit/server/replica.js';
import { pause } from '../../../src/process/time.js';
import { anyOffset } from '../time/attacks.js';
import type { Fault } from './fault.js';
import type { Site } from './site.js';

const BLOCKED_MS = { min: 100, max: 5000 };

/** Long enough for another replica to take over. */
const STALLED_MS = 4500;

/** An answer to a commit has fewer bytes than this, and a commit often more. */
const CUT_WITHIN_BYTES = 160;
const CUTS = 8;
const BETWEEN_CUTS_MS = { min: 20, max: 250 };

/** Faults of the network between replicas and the database, and of wall clocks. */
export const NETWORK_FAULTS: readonly Fault[] = [
  {
    name: 'leader cut off from the database',
    inflict: async (site, random) => block(site, await site.leader(), random),
  },
  {
    name: 'standby cut off from the database',
    inflict: async (site, random) => block(site, random.pick(await standbys(site)), random),
  },
  { name: 'leader asked while it is cut off from the database', inflict: askCutOff },
  { name: 'silence between leader and database', inflict: stall },
  { name: 'answers to commits cut', inflict: (site, random) => cut(site, random, 'answer') },
  { name: 'commits cut', inflict: (site, random) => cut(site, random, 'request') },
  { name: 'wall clocks set', inflict: setWallClocks },
];

async function standbys(site: Site): Promise<Replica[]> {
  const leader = await site.leader();
  return site.replicas.filter((replica) => replica !== leader);
}

async function block(site: Site, replica: Replica, random: Random): Promise<void> {
  const route = site.routeOf(replica);
  route.block();
  await pause(random.between(BLOCKED_MS.min, BLOCKED_MS.max));
  route.unblock();
}

/** Another replica has taken over and granted something, when a client reaches this one alone. */
async function askCutOff(site: Site): Promise<void> {
  const cutOff = await site.leader();
  const route = site.routeOf(cutOff);
  route.block();
  await site.grantAndRead(await site.leaderAfter(cutOff), cutOff, () => undefined);
  route.unblock();
}

/** Nothing arrives on the connections that are open. New ones work. */
async function stall(site: Site): Promise<void> {
  site.routeOf(await site.leader()).stall();
  await pause(STALLED_MS);
}

/** Cuts the connections of the leader again and again, each time after a random number of bytes. */
async function cut(site: Site, random: Random, direction: Direction): Promise<void> {
  const route = site.routeOf(await site.leader());
  for (let cuts = 0; cuts < CUTS; cuts += 1) {
    route.cutAfter(random.whole(1, CUT_WITHIN_BYTES), direction);
    await pause(random.between(BETWEEN_CUTS_MS.min, BETWEEN_CUTS_MS.max));
  }
}

function setWallClocks({ clocks }: Site, random: Random): Promise<void> {
  for (const clock of clocks) clock.set(anyOffset(random));
  return Promise.resolve();
}
