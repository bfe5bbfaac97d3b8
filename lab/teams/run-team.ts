import { Pair } from '../kit/postgres/pair.js';
import { nowMs } from '../../src/process/time.js';
import { introduction } from './introduction.js';
import { Observer } from './observer.js';
import { say } from './say.js';
import { Team, type AddressOf } from '../kit/server/team.js';

/** Shows three replicas on a primary with a standby until the signal aborts. Returns false if PostgreSQL is not installed. */
export async function runTeam(stop: AbortSignal, addressOf?: AddressOf): Promise<boolean> {
  console.log('Starting PostgreSQL, its standby and three replicas. This takes about ten seconds.\n');
  const pair = await Pair.create();
  if (pair === null) return false;
  const remove = (): void => pair.remove();
  // Also if this process fails.
  process.once('exit', remove);
  await show(pair, stop, addressOf);
  process.off('exit', remove);
  return true;
}

async function show(pair: Pair, stop: AbortSignal, addressOf?: AddressOf): Promise<void> {
  const team = await Team.on(pair, {}, addressOf);
  const startedMs = nowMs();
  try {
    const leader = await team.start(stop);
    if (leader !== null) {
      console.log(introduction(team, leader));
      await new Observer(team, leader).watch(stop);
    }
  } finally {
    console.log('');
    say('Stopping the replicas and PostgreSQL.');
    await team.remove();
  }
  say(`Stopped after ${Math.round((nowMs() - startedMs) / 1000)} s. Nothing is left of it.`);
}
