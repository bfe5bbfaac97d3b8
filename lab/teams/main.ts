import { Pair } from '../kit/postgres/pair.js';
import { nowMs } from '../../src/process/time.js';
import { say } from './say.js';
import { introduction } from './introduction.js';
import { Team } from './team.js';
import { Observer } from './observer.js';

const NOT_INSTALLED = `PostgreSQL is not installed on this machine. On Debian and Ubuntu:

  apt-get install postgresql
`;

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => (stop.signal.aborted ? process.exit(1) : stop.abort()));

console.log('Starting PostgreSQL, its standby and three replicas. This takes about ten seconds.\n');
const pair = await Pair.create();
if (pair === null) {
  console.error(NOT_INSTALLED);
  process.exitCode = 1;
} else {
  // Also if this process fails.
  process.once('exit', () => pair.remove());
  await show(pair);
}

async function show(pair: Pair): Promise<void> {
  const team = await Team.on(pair);
  const startedMs = nowMs();
  try {
    const leader = await team.start(stop.signal);
    if (leader !== null) {
      console.log(introduction(team, leader));
      await new Observer(team, leader).watch(stop.signal);
    }
  } finally {
    console.log('');
    say('Stopping the replicas and PostgreSQL.');
    await team.remove();
  }
  say(`Stopped after ${Math.round((nowMs() - startedMs) / 1000)} s. Nothing is left of it.`);
}
