import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { ClaimBroken } from '../proof.js';
import type { ApiContract } from '../../kit/http/schema.js';
import { Attacker } from './attacker.js';
import { refusedWith } from './attacks/attack.js';
import { AnswerChecker } from './answer-checker.js';
import { anyAnswer, type Check, type FuzzRequest } from './fuzz-request.js';
import { Tally } from './tally.js';

const PATIENCE_MS = 300;

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

const COMMON = { 'x-request-id': 'r', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

const FREE: Answer = {
  status: 200,
  body: { name: 'a', status: 'available', message: 'Lock is available', fencing_token: 1, waiters: 0 },
};
const REFUSED: Answer = {
  status: 401,
  body: {
    error: 'The token or key is missing or not valid. Send a valid bearer token in the Authorization header.',
    code: 'unauthorized',
    request_id: 'r',
  },
  headers: { 'www-authenticate': 'Bearer' },
};

function error(status: number, code: string, more: Readonly<Record<string, unknown>> = {}): Answer {
  return { status, body: { ...REFUSED.body, code, ...more }, headers: { 'www-authenticate': 'Bearer' } };
}

/** Bad answers to `GET /locks/a`. Each has a different fault. Text is sent unchanged, null means no answer. */
const BAD_ANSWERS: Readonly<Record<string, Answer | string | null>> = {
  'an internal error': error(500, 'internal_error'),
  'an undocumented status': { ...FREE, status: 202 },
  'an undocumented error': error(410, 'session_expired'),
  'an error with the wrong status': error(422, 'unauthorized'),
  'an unknown error code': error(401, 'no_such_code'),
  'an error with the wrong message': error(401, 'unauthorized', { error: 'Lock not found.' }),
  'an error with the wrong request id': error(401, 'unauthorized', { request_id: 'another' }),
  'an error without a challenge': { ...REFUSED, headers: {} },
  'a refusal without Retry-After': error(429, 'rate_limited'),
  'a body with an extra field': { ...FREE, body: { ...FREE.body, secret: 1 } },
  'a body with a missing field': { ...FREE, body: { name: 'a', status: 'available' } },
  'a body with a field of the wrong type': { ...FREE, body: { ...FREE.body, fencing_token: '1' } },
  'no request id': { ...FREE, headers: { 'x-request-id': '' } },
  'an answer that may be cached': { ...FREE, headers: { 'cache-control': 'max-age=60' } },
  'an answer that is not HTTP': 'hello\r\n\r\n',
  'half an answer': 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{',
  'no answer': null,
};

/** Checks that a good answer must fail. */
const EXPECTATIONS: Readonly<Record<string, Check>> = {
  'access without a token': refusedWith('unauthorized'),
  'a lock with the wrong name': ({ body }) => (body['name'] === 'b' ? [] : ['the answer is not about b']),
};

/** Tries every bad answer. Returns how many were detected. Throws `ClaimBroken` unless all were. */
export async function expectRejections(contract: ApiContract): Promise<number> {
  await expectNone(contract, 'a good answer', FREE, anyAnswer);
  await expectNone(contract, 'a good refusal', REFUSED, refusedWith('unauthorized'));
  for (const [name, badAnswer] of Object.entries(BAD_ANSWERS))
    if ((await rejectionOf(contract, badAnswer, anyAnswer)) === null)
      throw new ClaimBroken(`${name} was not detected`);
  for (const [name, check] of Object.entries(EXPECTATIONS))
    if ((await rejectionOf(contract, FREE, check)) === null)
      throw new ClaimBroken(`${name} was not detected`);
  return Object.keys(BAD_ANSWERS).length + Object.keys(EXPECTATIONS).length;
}

async function expectNone(contract: ApiContract, name: string, answer: Answer, check: Check): Promise<void> {
  const rejection = await rejectionOf(contract, answer, check);
  if (rejection !== null) throw new ClaimBroken(`${name} was rejected: ${rejection}`);
}

/** Why an attacker rejects the answer. Null if it does not. */
async function rejectionOf(
  contract: ApiContract,
  badAnswer: Answer | string | null,
  check: Check,
): Promise<string | null> {
  const server = await startBadServer(typeof badAnswer === 'object' ? textOf(badAnswer) : badAnswer);
  const { port } = server.address() as AddressInfo;
  const url = (): string => `http://127.0.0.1:${port}`;
  const user = { name: 'tester', token: 'token-of-the-tester' };
  const attacker = new Attacker(user, url, new AnswerChecker(contract), new Tally(), PATIENCE_MS);
  const request: FuzzRequest = {
    attack: 'test',
    method: 'GET',
    path: '/locks/a',
    headers: [],
    body: '',
    check,
  };
  try {
    await attacker.send(request);
    return null;
  } catch (thrown) {
    if (thrown instanceof ClaimBroken) return thrown.message;
    throw thrown;
  } finally {
    attacker.stop();
    server.close();
  }
}

/** A server that gives every client the same answer. */
async function startBadServer(text: string | null): Promise<Server> {
  const server = createServer((socket: Socket) => {
    socket.on('error', () => undefined);
    socket.on('data', () => {
      if (text !== null) socket.write(text);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function textOf(answer: Answer | null): string | null {
  if (answer === null) return null;
  const body = JSON.stringify(answer.body);
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(body.length),
    ...COMMON,
    ...answer.headers,
  };
  const lines = Object.entries(headers)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${answer.status} Status`, ...lines, '', body].join('\r\n');
}
