import { randomUUID } from 'node:crypto';
import { Random } from '../../kit/random.js';
import { Connection } from '../../kit/http/connection.js';
import { TOKEN } from '../../kit/server/built-server.js';
import type { WriterMessage, WriterTask } from './messages.js';

/** A process that reads, extends and writes the sets, each time under the set's lock. Runs until it is killed. */
const task = JSON.parse(process.argv[2] ?? '') as WriterTask;
const random = new Random(task.seed + task.writer);
const octostore = new Connection(() => task.octostore, TOKEN);
const resource = new Connection(() => task.resource, '');

for (let round = 0; ; round += 1) await addUnderLock(`/items/${random.below(task.items)}`, round);

async function addUnderLock(item: string, round: number): Promise<void> {
  const lock = `/locks/${encodeURIComponent(item.slice(1))}`;
  const lease_id = randomUUID();
  const grant = await octostore.post(`${lock}/acquire`, {
    lease_id,
    ttl_seconds: task.ttlSeconds,
    wait_seconds: 5,
  });
  if (grant.status !== 200) return;
  const element = `${task.writer}/${round}`;
  const isAdded = await add(`${item}?token=${String(grant.body['fencing_token'])}`, element);
  if (isAdded) await send({ kind: 'added', item, element });
  await octostore.post(`${lock}/release`, { lease_id });
}

async function add(path: string, element: string): Promise<boolean> {
  const read = await resource.get(path);
  if (read.status !== 200) return false;
  if (random.chance(task.pauseProbability)) {
    await send({ kind: 'pausing' });
    process.kill(process.pid, 'SIGSTOP');
  }
  const elements = [...(read.body['elements'] as string[]), element];
  const written = await resource.call('PUT', path, JSON.stringify(elements));
  return written.status === 200;
}

function send(message: WriterMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send?.(message, (error: Error | null) => (error === null ? resolve() : reject(error)));
  });
}
