import { pause } from '../../../src/process/time.js';
import { Connection } from '../../kit/http/connection.js';
import { Random } from '../../kit/random.js';
import { Actor } from './actor.js';
import { Guarded } from './guarded.js';
import { LeaseClient } from './lease-client.js';
import type { HostTask } from './messages.js';
import { actorName, SHAPES, type Act } from './shapes.js';

/** How long an actor does nothing between two turns, in milliseconds. */
const IDLE_MS = { min: 1, max: 30 };

/** A process with one actor of each shape. It runs until it is killed, or until the process that started it is gone. */
const task = JSON.parse(process.argv[2] ?? '') as HostTask;
process.once('disconnect', () => process.exit());
const hostRandom = new Random(task.seed);

await Promise.all(Object.entries(SHAPES).map(([shape, act]) => run(shape, act, hostRandom.split())));

async function run(shape: string, act: Act, random: Random): Promise<void> {
  const guarded = new Guarded(task.guard, actorName(shape, task.host));
  const client = new LeaseClient(new Connection(() => task.octostore, task.token), guarded);
  const actor = new Actor(client, guarded, random, task.host, task.hosts);
  for (;;) {
    await act(actor);
    await pause(random.between(IDLE_MS.min, IDLE_MS.max));
  }
}
