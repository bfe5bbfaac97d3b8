import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Address } from '../../kit/http/connection.js';
import { pause } from '../../../src/process/time.js';
import type { Random } from '../../kit/random.js';
import { TOKEN } from '../../kit/server/built-server.js';
import { reset } from '../../kit/http/reset.js';

const AUTHORIZED = `host: octostore\r\nauthorization: Bearer ${TOKEN}\r\n`;
const CONNECTED_MS_MAX = 400;

function post(path: string, body: string, length = Buffer.byteLength(body)): string {
  return `POST ${path} HTTP/1.1\r\n${AUTHORIZED}content-length: ${length}\r\n\r\n${body}`;
}

/** What broken or hostile clients send. */
const BAD_INPUTS: readonly (() => string | Buffer)[] = [
  () => '',
  () => randomBytes(2000),
  () =>
    `GET /locks HTTP/1.1\r\nhost: octostore\r\nauthorization: Bearer octo_${randomBytes(15).toString('hex')}\r\n\r\n`,
  () => `GET /${randomBytes(40).toString('hex')} HTTP/1.1\r\n${AUTHORIZED}\r\n`,
  () => 'GET /status HTTP/1.1\r\n\r\n',
  () => `GET /health HTTP/1.1\r\nhost: octostore\r\nx-much: ${'x'.repeat(20_000)}\r\n\r\n`,
  () => post('/locks/bad/acquire', '{"ttl_seconds":'),
  () => post('/locks/bad/acquire', '{"ttl_seconds":-1}'),
  () => post('/locks/bad/acquire', '{"ttl_seconds":1', 5000),
  () => post('/locks/bad/acquire', ' '.repeat(40_000)),
  () => post('/locks/..%2f../acquire', '{"ttl_seconds":1}'),
  () => `POST /locks/bad/acquire HTTP/1.1\r\n${AUTHORIZED}transfer-encoding: chunked\r\n\r\nzz\r\n`,
  () => `GET /watch HTTP/1.1\r\n${AUTHORIZED}\r\n`,
  () => `GET /status HTTP/1.1\r\n${AUTHORIZED}connection: upgrade\r\nupgrade: websocket\r\n\r\n`,
  () => post('/locks/bad/acquire', '{"ttl_seconds":1}').repeat(20),
];

/** Connects, sends one bad input, and disconnects. */
export async function misbehave(address: Address, random: Random): Promise<void> {
  const socket = connect(address);
  socket.on('error', () => undefined);
  const closed = once(socket, 'close').catch(() => undefined);
  socket.write(random.pick(BAD_INPUTS)());
  await Promise.race([closed, pause(random.between(0, CONNECTED_MS_MAX))]);
  if (random.chance(0.5)) reset(socket);
  else socket.destroy();
  await closed;
}
