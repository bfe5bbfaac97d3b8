import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { Answer, Connection } from '../../kit/http/connection.js';
import { pause } from '../../../src/process/time.js';
import type { Random } from '../../kit/random.js';
import { ClaimBroken } from '../proof.js';
import { TOKEN, type BuiltServer } from '../../kit/server/built-server.js';

/** What an action needs. */
export interface ActionContext {
  readonly server: BuiltServer;
  readonly connection: Connection;
  readonly random: Random;
  /** The URL of a webhook receiver. */
  readonly receiver: string;
}

export const ADMIN_KEY = 'admin-key-of-the-soak';

/** The prefix of the locks whose events the webhooks receive. */
export const WEBHOOK_PREFIX = 'watched';

/** Acquires a lock with a new name, and releases it or lets it expire. */
export async function useNewLock({ connection, random }: ActionContext): Promise<void> {
  const path = `/locks/${random.chance(0.1) ? WEBHOOK_PREFIX : 'new'}%2F${randomUUID()}`;
  const lease_id = randomUUID();
  const metadata = 'm'.repeat(random.below(1000));
  expect(await connection.post(`${path}/acquire`, { lease_id, ttl_seconds: 2, metadata }), [200]);
  expect(await connection.get(path), [200]);
  if (random.chance(0.3)) return;
  expect(await connection.post(`${path}/renew`, { lease_id, ttl_seconds: 2 }), [200, 404]);
  expect(await connection.post(`${path}/release`, { lease_id }), [200, 404]);
}

/** Holds locks in a session, keeps it alive for a while, and ends it or, rarely, lets it expire. */
export async function useSession({ connection, random }: ActionContext): Promise<void> {
  const { body } = expect(await connection.post('/sessions', { ttl_seconds: 10 }), [201]);
  const session_id = String(body['session_id']);
  for (let lock = 0; lock < 3; lock += 1) {
    const path = `/locks/session%2F${session_id}%2F${lock}/acquire`;
    expect(await connection.post(path, { ttl_seconds: 30, session_id }), [200, 404, 410]);
  }
  await pause(random.between(0, 1000));
  expect(await connection.post(`/sessions/${session_id}/keepalive`, {}), [200, 404, 410]);
  expect(await connection.get(`/sessions/${session_id}`), [200, 404, 410]);
  if (random.chance(0.02)) return;
  expect(await connection.delete(`/sessions/${session_id}`), [204, 404, 410]);
}

/** Reads lists and states. */
export async function readState({ connection, random }: ActionContext): Promise<void> {
  const path = random.pick([
    '/locks?limit=50',
    '/locks?owner=me&prefix=new%2F',
    '/locks/unused',
    '/status',
    '/health/ready',
  ]);
  expect(await connection.get(path), [200]);
  expect(await connection.get('/webhooks'), [200]);
}

/** Reads the metrics, as monitoring does. */
export async function scrape({ server }: ActionContext): Promise<void> {
  const response = await open(server, '/metrics', ADMIN_KEY);
  response.resume();
  await once(response, 'close');
}

/** Waits for a lock and disconnects before its turn. */
export async function leaveLine({ connection, random }: ActionContext): Promise<void> {
  const path = `/locks/queue%2F${random.below(4)}/acquire`;
  const request = { lease_id: randomUUID(), ttl_seconds: 1, wait_seconds: 5 };
  const answered = connection.post(path, request).catch(() => undefined);
  await Promise.race([answered, pause(random.between(20, 500))]);
  connection.cut();
}

/** Watches locks for a while, sometimes without reading. */
export async function watch({ server, random }: ActionContext): Promise<void> {
  const path = random.pick([
    '/watch?prefix=new%2F',
    '/watch?prefix=',
    '/locks/queue%2F0/watch',
    '/watch?prefix=hot',
  ]);
  const response = await open(server, path, TOKEN);
  if (random.chance(0.7)) response.resume();
  await Promise.race([once(response, 'close').catch(() => undefined), pause(random.between(0, 4000))]);
  response.destroy();
}

/** Has a webhook for a while. First, it deletes the webhooks that an interrupted run left behind. */
export async function useWebhook({ connection, random, receiver }: ActionContext): Promise<void> {
  const leftovers = JSON.parse(expect(await connection.get('/webhooks'), [200]).text) as { id: string }[];
  for (const { id } of leftovers) expect(await connection.delete(`/webhooks/${id}`), [204, 404]);
  const { body } = expect(await connection.post('/webhooks', webhookAt(receiver)), [201]);
  const path = `/webhooks/${String(body['id'])}`;
  await pause(random.between(0, 4000));
  expect(await connection.get(`${path}/deliveries`), [200, 404]);
  expect(await connection.delete(path), [204, 404]);
}

export function webhookAt(url: string): object {
  return { url, secret: 'a-secret-of-the-soak', lock_pattern: `${WEBHOOK_PREFIX}/*` };
}

async function open({ address }: BuiltServer, path: string, token: string): Promise<IncomingMessage> {
  const headers = { authorization: `Bearer ${token}` };
  const request = get({ ...address, path, headers, agent: false });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  request.on('error', () => undefined);
  response.on('error', () => undefined);
  return response;
}

/** Throws `Refused` on a 503, since the server may be stopping. Throws `ClaimBroken` on any other unexpected answer. */
function expect(answer: Answer, statuses: readonly number[]): Answer {
  if (answer.status === 503) throw new Refused();
  if (statuses.includes(answer.status)) return answer;
  throw new ClaimBroken(`unexpected answer: ${answer.status} ${answer.text}`);
}

/** The server refused a request for the moment. */
export class Refused extends Error {
  override readonly name = 'Refused';
}
