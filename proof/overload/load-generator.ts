import { randomUUID } from 'node:crypto';
import { nowMs, pause } from '../history/clock.js';
import { TOKEN } from '../server/built-server.js';
import { LeanConnection } from './lean-connection.js';
import type { LoadResult, LoadTask } from './load.js';
import { lockRequest } from './lock-requests.js';

/** A process of its own, so that its work does not delay those who measure. Acquires and releases distinct locks. */

interface Client {
  readonly connection: LeanConnection;
  readonly requests: readonly [Buffer, Buffer];
  turn: 0 | 1;
}

const TICK_MS = 2;

const task = JSON.parse(process.argv[2] ?? '') as LoadTask;
const answers: Record<string, number> = {};
let refusedWithoutRetryAfter = 0;
let connectionsLost = 0;
let notSent = 0;

const clients = await openAll();
const startedMs = nowMs();
const endMs = startedMs + task.seconds * 1000;
if (task.perSecond === null) await Promise.all(clients.map((client) => askOnAndOn(client)));
else await keepPace(task.perSecond);
const ranSeconds = (nowMs() - startedMs) / 1000;
const total = Object.values(answers).reduce((sum, count) => sum + count, 0);
process.send?.({
  answers,
  answersPerSecond: total / ranSeconds,
  refusedWithoutRetryAfter,
  notSent,
  connectionsLost,
} satisfies LoadResult);
for (const { connection } of clients) connection.close();
process.disconnect();

async function openAll(): Promise<Client[]> {
  const opened: Client[] = [];
  const token = task.badTokens ? `octo_${randomUUID()}` : TOKEN;
  for (let index = 0; index < task.connections; index += 1) {
    const [lock, lease_id] = [`load/${randomUUID()}`, randomUUID()];
    const requests = [
      lockRequest('acquire', lock, { ttl_seconds: 10, lease_id }, token),
      lockRequest('release', lock, { lease_id }, token),
    ] as const;
    opened.push({ connection: await LeanConnection.open(task.address), requests, turn: 0 });
  }
  return opened;
}

async function askOnAndOn(client: Client): Promise<void> {
  while (nowMs() < endMs && (await ask(client)));
}

/** Sends on schedule: a server that is slow gets no mercy, up to what the connections can have under way. */
async function keepPace(perSecond: number): Promise<void> {
  const idle = [...clients];
  let due = 0;
  let sent = 0;
  for (let now = nowMs(); now < endMs; now = nowMs()) {
    due = ((now - startedMs) / 1000) * perSecond;
    for (; sent < due; sent += 1) {
      const client = idle.pop();
      if (client === undefined) notSent += 1;
      else void ask(client).then((isOpen) => isOpen && idle.unshift(client));
    }
    await pause(TICK_MS);
  }
}

/** Returns whether the connection can be used again. */
async function ask(client: Client): Promise<boolean> {
  const request = client.requests[client.turn];
  client.turn = client.turn === 0 ? 1 : 0;
  try {
    const { status, saysRetryAfter } = await client.connection.send(request);
    answers[status] = (answers[status] ?? 0) + 1;
    if (status === 503 && !saysRetryAfter) refusedWithoutRetryAfter += 1;
    return true;
  } catch {
    if (nowMs() < endMs) connectionsLost += 1;
    return false;
  }
}
