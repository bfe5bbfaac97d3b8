import type { Random } from '../../kit/random.js';
import type { Replica } from '../../kit/server/replica.js';
import { pause } from '../../../src/process/time.js';
import type { Fault } from './fault.js';
import type { Site } from './site.js';

/** Longer than the others wait before one of them takes over. */
const LONG_MS = { min: 3500, max: 6000 };

/** Too short for that, as a pause for garbage collection or a migration is. */
const SHORT_MS = { min: 50, max: 2200 };

/** For requests to arrive at a process that does not run. */
const ARRIVED_MS = 150;

const DOWN_MS = { min: 0, max: 1000 };

/** Faults of the processes of replicas. */
export const REPLICA_FAULTS: readonly Fault[] = [
  { name: 'leader killed', inflict: async (site, random) => kill(await site.leader(), random) },
  { name: 'leader killed and started at once', inflict: async (site) => killAndStart(await site.leader()) },
  { name: 'leader stopped', inflict: async (site, random) => stop(await site.leader(), random) },
  { name: 'leader frozen', inflict: freezeLeader },
  { name: 'leader asked as soon as it continues', inflict: askFrozen },
  {
    name: 'leader frozen briefly',
    inflict: async (site, random) => freeze(await site.leader(), random, SHORT_MS),
  },
  { name: 'standby killed', inflict: async (site, random) => kill(await standby(site, random), random) },
  { name: 'standby stopped', inflict: async (site, random) => stop(await standby(site, random), random) },
  {
    name: 'standby frozen',
    inflict: async (site, random) => freeze(await standby(site, random), random, SHORT_MS),
  },
  { name: 'all replicas killed', inflict: killAll },
];

/** A replica that does not lead. */
async function standby(site: Site, random: Random): Promise<Replica> {
  const leader = await site.leader();
  return random.pick(site.replicas.filter((replica) => replica !== leader));
}

async function kill(replica: Replica, random: Random): Promise<void> {
  await replica.kill();
  await pause(random.between(DOWN_MS.min, DOWN_MS.max));
  replica.start();
}

async function killAndStart(replica: Replica): Promise<void> {
  await replica.kill();
  replica.start();
}

async function stop(replica: Replica, random: Random): Promise<string | void> {
  // A process that has only just begun does not know the signal yet.
  await replica.listens();
  const code = await replica.stop();
  await pause(random.between(DOWN_MS.min, DOWN_MS.max));
  replica.start();
  if (code !== 0) return `replica ${replica.name} was asked to stop, and exited with ${code}`;
}

/** When it continues, it finds requests that were sent after another replica had taken over. */
async function freezeLeader(site: Site, random: Random): Promise<void> {
  const leader = await site.leader();
  leader.freeze();
  await pause(random.between(LONG_MS.min, LONG_MS.max));
  const read = site.readThrough(leader);
  await pause(ARRIVED_MS);
  leader.thaw();
  await read;
}

/** Another replica has taken over and granted something, and a read of that is the first that this one finds. */
async function askFrozen(site: Site): Promise<void> {
  const leader = await site.leader();
  leader.freeze();
  await site.grantAndRead(await site.leaderAfter(leader), leader, () => leader.thaw());
  leader.thaw();
}

async function freeze(replica: Replica, random: Random, { min, max }: typeof LONG_MS): Promise<void> {
  replica.freeze();
  await pause(random.between(min, max));
  replica.thaw();
}

async function killAll({ replicas }: Site, random: Random): Promise<void> {
  await Promise.all(replicas.map((replica) => replica.kill()));
  await pause(random.between(DOWN_MS.min, DOWN_MS.max));
  for (const replica of replicas) replica.start();
}
