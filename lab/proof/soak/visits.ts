import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { Answer, Connection } from '../../kit/http/connection.js';
import { pause } from '../../../src/process/time.js';
import type { Random } from '../../kit/random.js';
import { ClaimBroken } from '../proof.js';
import { TOKEN, type BuiltServer } from '../../kit/server/built-server.js';

/** Where a visitor finds what it needs. */
export interface Place {
  readonly server: BuiltServer;
  readonly connection: Connection;
  readonly dice: Random;
  /** A receiver of webhooks. */
  readonly receiver: string;
}

export const ADMIN_KEY = 'admin-key-of-the-soak';

/** Locks whose events webhooks are told of. */
export const TOLD_PREFIX = 'told';

/** Takes a lock with a name that nobody had before and gives it back, or leaves it to run out. */
export async function takeNewLock({ connection, dice }: Place): Promise<void> {
  const path = `/locks/${dice.chance(0.1) ? TOLD_PREFIX : 'new'}%2F${randomUUID()}`;
  const lease_id = randomUUID();
  const metadata = 'm'.repeat(dice.below(1000));
  expect(await connection.post(`${path}/acquire`, { lease_id, ttl_seconds: 2, metadata }), [200]);
  expect(await connection.get(path), [200]);
  if (dice.chance(0.3)) return;
  expect(await connection.post(`${path}/renew`, { lease_id, ttl_seconds: 2 }), [200, 404]);
  expect(await connection.post(`${path}/release`, { lease_id }), [200, 404]);
}

/** Holds locks in a session, keeps it alive for a while, and ends it; now and then it just falls silent. */
export async function liveASession({ connection, dice }: Place): Promise<void> {
  const { body } = expect(await connection.post('/sessions', { ttl_seconds: 10 }), [201]);
  const session_id = String(body['session_id']);
  for (let lock = 0; lock < 3; lock += 1) {
    const path = `/locks/session%2F${session_id}%2F${lock}/acquire`;
    expect(await connection.post(path, { ttl_seconds: 30, session_id }), [200, 404, 410]);
  }
  await pause(dice.between(0, 1000));
  expect(await connection.post(`/sessions/${session_id}/keepalive`, {}), [200, 404, 410]);
  expect(await connection.get(`/sessions/${session_id}`), [200, 404, 410]);
  if (dice.chance(0.02)) return;
  expect(await connection.delete(`/sessions/${session_id}`), [204, 404, 410]);
}

/** Asks for what there is. */
export async function lookAround({ connection, dice }: Place): Promise<void> {
  const path = dice.pick([
    '/locks?limit=50',
    '/locks?owner=me&prefix=new%2F',
    '/locks/nobody',
    '/status',
    '/health/ready',
  ]);
  expect(await connection.get(path), [200]);
  expect(await connection.get('/webhooks'), [200]);
}

/** What the monitoring does. */
export async function scrape({ server }: Place): Promise<void> {
  const response = await open(server, '/metrics', ADMIN_KEY);
  response.resume();
  await once(response, 'close');
}

/** Waits in a queue and leaves before its turn comes. */
export async function leaveAQueue({ connection, dice }: Place): Promise<void> {
  const path = `/locks/queue%2F${dice.below(4)}/acquire`;
  const request = { lease_id: randomUUID(), ttl_seconds: 1, wait_seconds: 5 };
  const answered = connection.post(path, request).catch(() => undefined);
  await Promise.race([answered, pause(dice.between(20, 500))]);
  connection.cut();
}

/** Follows locks for a while; sometimes it stops reading. */
export async function watch({ server, dice }: Place): Promise<void> {
  const path = dice.pick([
    '/watch?prefix=new%2F',
    '/watch?prefix=',
    '/locks/queue%2F0/watch',
    '/watch?prefix=hot',
  ]);
  const response = await open(server, path, TOKEN);
  if (dice.chance(0.7)) response.resume();
  await Promise.race([once(response, 'close').catch(() => undefined), pause(dice.between(0, 4000))]);
  response.destroy();
}

/** Has a webhook for a while. A visitor that was interrupted clears up what it had. */
export async function ownAWebhook({ connection, dice, receiver }: Place): Promise<void> {
  const left = JSON.parse(expect(await connection.get('/webhooks'), [200]).text) as { id: string }[];
  for (const { id } of left) expect(await connection.delete(`/webhooks/${id}`), [204, 404]);
  const { body } = expect(await connection.post('/webhooks', webhookAt(receiver)), [201]);
  const path = `/webhooks/${String(body['id'])}`;
  await pause(dice.between(0, 4000));
  expect(await connection.get(`${path}/deliveries`), [200, 404]);
  expect(await connection.delete(path), [204, 404]);
}

export function webhookAt(url: string): object {
  return { url, secret: 'a-secret-of-the-soak', lock_pattern: `${TOLD_PREFIX}/*` };
}

async function open({ address }: BuiltServer, path: string, token: string): Promise<IncomingMessage> {
  const headers = { authorization: `Bearer ${token}` };
  const request = get({ ...address, path, headers, agent: false });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  request.on('error', () => undefined);
  response.on('error', () => undefined);
  return response;
}

/** Throws `Refused` for a 503, with which a server may say that it stops; nothing else that is not expected may come. */
function expect(answer: Answer, statuses: readonly number[]): Answer {
  if (answer.status === 503) throw new Refused();
  if (statuses.includes(answer.status)) return answer;
  throw new ClaimBroken(`unexpected answer: ${answer.status} ${answer.text}`);
}

/** Try again later. */
export class Refused extends Error {
  override readonly name = 'Refused';
}
