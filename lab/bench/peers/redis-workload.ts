import { createHash, randomUUID } from 'node:crypto';
import type { Framing } from '../../../src/bench/load/lean-connection.js';
import type { Reply, Request, Send, Workload } from '../../../src/bench/load/script.js';
import { Alternation } from '../../../src/bench/workloads/alternation.js';

const TTL_MS = 60_000;

/** Deletes the key if it is still the caller's. */
const RELEASE =
  "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end";
const RELEASE_SHA = createHash('sha1').update(RELEASE).digest('hex');

/** Parses Redis replies, of one line or of a line and a text. They have no status, so each gets its HTTP equivalent. */
const respFraming: Framing<Reply> = (received) => {
  const lineEnd = received.indexOf('\r\n');
  if (lineEnd === -1) return null;
  const body = received.slice(1, lineEnd);
  switch (received[0]) {
    case '$':
      if (body === '-1') return { status: 409, body: '' };
      return received.length < lineEnd + 4 + Number(body)
        ? null
        : { status: 200, body: received.slice(lineEnd + 2, -2) };
    case ':':
      return { status: body === '1' ? 200 : 404, body };
    case '-':
      return { status: 500, body };
    default:
      return { status: 200, body };
  }
};

function command(operation: string, ...parts: string[]): Request {
  const text = parts.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`).join('');
  return {
    operation,
    bytes: Buffer.from(`*${parts.length}\r\n${text}`),
    complaint: ({ status, body }) => (status === 200 ? null : `${status} ${body}`.trim()),
  };
}

class RedisClient extends Alternation {
  constructor(key: string) {
    const value = randomUUID();
    super(
      command('acquire', 'SET', key, value, 'NX', 'PX', String(TTL_MS)),
      command('release', 'EVALSHA', RELEASE_SHA, '1', key, value),
    );
  }

  async prepare(send: Send): Promise<void> {
    await send(command('load script', 'SCRIPT', 'LOAD', RELEASE));
  }
}

export const redisLock: Workload = {
  name: 'redis-lock',
  about: 'SET key value NX PX, and a script that deletes the key if it still has our value',
  framing: respFraming,
  begin:
    ({ run }) =>
    (client) =>
      new RedisClient(`bench/${run}/${client}`),
};
