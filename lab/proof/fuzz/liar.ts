import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { ClaimBroken } from '../proof.js';
import type { ApiContract } from '../../kit/http/schema.js';
import { Attacker } from './attacker.js';
import { refusedWith } from './attacks/attack.js';
import { Oracle } from './oracle.js';
import { anyAnswer, type Judge, type Shot } from './shot.js';
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
  body: { error: 'The token is not valid. Send a valid one.', code: 'unauthorized', request_id: 'r' },
  headers: { 'www-authenticate': 'Bearer' },
};

function error(status: number, code: string, more: Readonly<Record<string, unknown>> = {}): Answer {
  return { status, body: { ...REFUSED.body, code, ...more }, headers: { 'www-authenticate': 'Bearer' } };
}

/** Answers to `GET /locks/a` that are not in order, each for another reason; text is sent as it is, null is silence. */
const LIES: Readonly<Record<string, Answer | string | null>> = {
  'a failure': error(500, 'internal_error'),
  'a status that is not documented': { ...FREE, status: 202 },
  'an error that is not documented': error(410, 'session_expired'),
  'an error with the status of another': error(422, 'unauthorized'),
  'an error that nobody knows': error(401, 'no_such_code'),
  'an error with the sentence of another': error(401, 'unauthorized', { error: 'Lock not found.' }),
  'an error with the request id of another': error(401, 'unauthorized', { request_id: 'another' }),
  'an error without a challenge': { ...REFUSED, headers: {} },
  'a refusal that does not say when to come back': error(429, 'rate_limited'),
  'a body with a field too many': { ...FREE, body: { ...FREE.body, secret: 1 } },
  'a body with a field too few': { ...FREE, body: { name: 'a', status: 'available' } },
  'a body with a field of another type': { ...FREE, body: { ...FREE.body, fencing_token: '1' } },
  'no request id': { ...FREE, headers: { 'x-request-id': '' } },
  'an answer that may be cached': { ...FREE, headers: { 'cache-control': 'max-age=60' } },
  'an answer that is no HTTP': 'hello\r\n\r\n',
  'half an answer': 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{',
  'no answer': null,
};

/** Judgements that the honest answer does not stand up to. */
const EXPECTATIONS: Readonly<Record<string, Judge>> = {
  'a stranger who gets in': refusedWith('unauthorized'),
  'a lock that has another name': ({ body }) => (body['name'] === 'b' ? [] : ['not about b']),
};

/** Has a server lie in every way, and returns how many lies were recognized: all of them, or it throws `ClaimBroken`. */
export async function expectRejections(contract: ApiContract): Promise<number> {
  await expectNone(contract, 'an answer in order', FREE, anyAnswer);
  await expectNone(contract, 'a refusal in order', REFUSED, refusedWith('unauthorized'));
  for (const [name, lie] of Object.entries(LIES))
    if ((await rejectionOf(contract, lie, anyAnswer)) === null)
      throw new ClaimBroken(`${name} was not recognized`);
  for (const [name, judge] of Object.entries(EXPECTATIONS))
    if ((await rejectionOf(contract, FREE, judge)) === null)
      throw new ClaimBroken(`${name} was not recognized`);
  return Object.keys(LIES).length + Object.keys(EXPECTATIONS).length;
}

async function expectNone(contract: ApiContract, name: string, answer: Answer, judge: Judge): Promise<void> {
  const rejection = await rejectionOf(contract, answer, judge);
  if (rejection !== null) throw new ClaimBroken(`${name} was rejected: ${rejection}`);
}

/** Why an attacker does not put up with the answer; null if it does. */
async function rejectionOf(
  contract: ApiContract,
  lie: Answer | string | null,
  judge: Judge,
): Promise<string | null> {
  const liar = await startLiar(typeof lie === 'object' ? textOf(lie) : lie);
  const { port } = liar.address() as AddressInfo;
  const url = (): string => `http://127.0.0.1:${port}`;
  const user = { name: 'tester', token: 'token-of-the-tester' };
  const attacker = new Attacker(user, url, new Oracle(contract), new Tally(), PATIENCE_MS);
  const shot: Shot = { attack: 'test', method: 'GET', path: '/locks/a', headers: [], body: '', judge };
  try {
    await attacker.shoot(shot);
    return null;
  } catch (thrown) {
    if (thrown instanceof ClaimBroken) return thrown.message;
    throw thrown;
  } finally {
    attacker.stop();
    liar.close();
  }
}

/** A server that says the same to everybody. */
async function startLiar(text: string | null): Promise<Server> {
  const liar = createServer((socket: Socket) => {
    socket.on('error', () => undefined);
    socket.on('data', () => {
      if (text !== null) socket.write(text);
    });
  });
  liar.listen(0, '127.0.0.1');
  await once(liar, 'listening');
  return liar;
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
  return [`HTTP/1.1 ${answer.status} Told`, ...lines, '', body].join('\r\n');
}
