import type { Random } from '../../kit/random.js';
import { nowMs, pause } from '../../../src/process/time.js';
import type { Fault } from './fault.js';
import type { Site } from './site.js';

const UNNOTICED_MS = { min: 0, max: 1500 };
const FROZEN_MS = { min: 100, max: 4000 };
const CANCELLING_MS = { min: 200, max: 2000 };
const CANCEL_EVERY_MS = 10;

/** Faults of the database. Acknowledged commits are on both clusters, so none may be lost. */
export const DATABASE_FAULTS: readonly Fault[] = [
  { name: 'primary killed, standby promoted', inflict: promoteAfterKill },
  { name: 'primary frozen, standby promoted', inflict: promoteDuringFreeze },
  { name: 'primary killed and started again', inflict: restartPrimary },
  { name: 'primary frozen', inflict: freezePrimary },
  { name: 'database standby killed and started again', inflict: restartStandby },
  { name: 'waits for the standby cancelled, standby promoted', inflict: promoteAfterCancelledWaits },
  { name: 'leader and primary killed together', inflict: killLeaderAndPrimary },
];

async function promoteAfterKill({ pair }: Site, random: Random): Promise<void> {
  pair.primary.kill();
  await wait(random, UNNOTICED_MS);
  await pair.promote();
  await pair.rejoin();
}

/** The connections to the old primary stay open until it is killed. */
async function promoteDuringFreeze({ pair }: Site, random: Random): Promise<void> {
  pair.primary.freeze();
  await wait(random, UNNOTICED_MS);
  await pair.promote();
  await wait(random, FROZEN_MS);
  await pair.rejoin();
}

async function restartPrimary({ pair }: Site, random: Random): Promise<void> {
  pair.primary.kill();
  await wait(random, UNNOTICED_MS);
  await pair.restartPrimary();
}

async function freezePrimary({ pair }: Site, random: Random): Promise<void> {
  pair.primary.freeze();
  await wait(random, FROZEN_MS);
  pair.primary.thaw();
}

/** Meanwhile, no commit succeeds. */
async function restartStandby({ pair }: Site, random: Random): Promise<void> {
  pair.standby.kill();
  await wait(random, UNNOTICED_MS);
  await pair.restartStandby();
}

/** PostgreSQL says that commits succeeded, with a warning that they may not be on the standby. They are not. */
async function promoteAfterCancelledWaits({ pair }: Site, random: Random): Promise<void> {
  pair.standby.kill();
  const untilMs = nowMs() + random.between(CANCELLING_MS.min, CANCELLING_MS.max);
  while (nowMs() < untilMs) {
    await pair.primary.cancelWaitsForStandby();
    await pause(CANCEL_EVERY_MS);
  }
  pair.primary.kill();
  await pair.standby.restart();
  await pair.promote();
  await pair.rejoin();
}

async function killLeaderAndPrimary(site: Site, random: Random): Promise<void> {
  const leader = await site.leader();
  const killed = leader.kill();
  await promoteAfterKill(site, random);
  await killed;
  leader.start();
}

function wait(random: Random, { min, max }: typeof FROZEN_MS): Promise<void> {
  return pause(random.between(min, max));
}
