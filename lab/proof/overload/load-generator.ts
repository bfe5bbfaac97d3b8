import { randomUUID } from 'node:crypto';
import { nowMs, pause } from '../../../src/process/time.js';
import { LeanConnection } from '../../../src/bench/load/lean-connection.js';
import { TOKEN } from '../../kit/server/built-server.js';
import type { LoadResult, LoadTask } from './load.js';
import { lockRequest } from './lock-requests.js';

/** Acquires and releases different locks in a separate process, so that it does not distort measurements. */

interface Client {
  /** Opened with the first request, because a server soon closes a connection without one. */
  connection: LeanConnection | null;
  readonly requests: readonly [Buffer, Buffer];
  turn: 0 | 1;
}

const TICK_MS = 2;

const task = JSON.parse(process.argv[2] ?? '') as LoadTask;
const answers: Record<string, number> = {};
let refusedWithoutRetryAfter = 0;
let connectionsLost = 0;
let notSent = 0;

const clients = Array.from({ length: task.connections }, newClient);
const startedMs = nowMs();
const endMs = startedMs + task.seconds * 1000;
if (task.perSecond === null) await Promise.all(clients.map((client) => sendContinuously(client)));
else await sendAtRate(task.perSecond);
const ranSeconds = (nowMs() - startedMs) / 1000;
const served = Object.entries(answers).reduce(
  (sum, [status, count]) => (status === '503' ? sum : sum + count),
  0,
);
process.send?.({
  answers,
  servedPerSecond: served / ranSeconds,
  refusedWithoutRetryAfter,
  notSent,
  connectionsLost,
} satisfies LoadResult);
for (const { connection } of clients) connection?.close();
process.disconnect();

function newClient(): Client {
  const token = task.badTokens ? `octo_${randomUUID()}` : TOKEN;
  const [lock, lease_id] = [`load/${randomUUID()}`, randomUUID()];
  const requests = [
    lockRequest('acquire', lock, { ttl_seconds: 10, lease_id }, token),
    lockRequest('release', lock, { lease_id }, token),
  ] as const;
  return { connection: null, requests, turn: 0 };
}

async function sendContinuously(client: Client): Promise<void> {
  while (nowMs() < endMs && (await send(client)));
}

/** Sends on schedule, even if the server is slow. A request is skipped if no connection is idle. */
async function sendAtRate(perSecond: number): Promise<void> {
  const idle = [...clients];
  let due = 0;
  let sent = 0;
  for (let now = nowMs(); now < endMs; now = nowMs()) {
    due = ((now - startedMs) / 1000) * perSecond;
    for (; sent < due; sent += 1) {
      const client = idle.pop();
      if (client === undefined) notSent += 1;
      else void send(client).then((isOpen) => isOpen && idle.unshift(client));
    }
    await pause(TICK_MS);
  }
}

/** Returns whether the connection can be used again. */
async function send(client: Client): Promise<boolean> {
  const request = client.requests[client.turn];
  try {
    client.connection ??= await LeanConnection.open(task.address);
    const { status, hasRetryAfter } = await client.connection.send(request);
    answers[status] = (answers[status] ?? 0) + 1;
    // Release only after a successful acquire.
    client.turn = client.turn === 0 && status === 200 ? 1 : 0;
    if (status === 503 && !hasRetryAfter) refusedWithoutRetryAfter += 1;
    return true;
  } catch {
    if (nowMs() < endMs) connectionsLost += 1;
    return false;
  }
}
