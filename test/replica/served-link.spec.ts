import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { SystemClock } from '../../src/clock/system-clock.js';
import { FRAME, FrameReader, FrameWriter } from '../../src/http/link/frames.js';
import { ACCEPTANCE, HANDSHAKE_END, LINK_TARGET, requestForLink } from '../../src/http/link/handshake.js';
import { decodeAnswer } from '../../src/http/link/link-answer.js';
import { encodeRequest } from '../../src/http/link/link-request.js';
import { forwardingKey } from '../../src/secrets/forwarding-key.js';
import { LockStore } from '../../src/store/lock-store.js';
import { ALICE, BOB, startServer, type TestServer } from '../support/server.js';
import { SECRET_KEY } from './standby-rig.js';

/** What a leader does with the link of a standby. */

const KEY = forwardingKey(SECRET_KEY);
const LEASE_ID = '3f1c8a9e-5a0b-4a52-9f0e-3f1df4c7c1ab';
const LEASE = { lease_id: LEASE_ID, ttl_seconds: 60 };

let leader: TestServer;

beforeAll(async () => {
  leader = await startServer({ SECRET_KEY, AUTH_FAILURES_PER_MINUTE: '2' });
});

afterAll(() => leader.close());

interface Reply {
  readonly status: number;
  readonly requestId: string | undefined;
  readonly body: Record<string, unknown>;
}

/** Sends text to the leader. Resolves with what it says first. */
async function say(text: string): Promise<{ socket: Socket; said: string }> {
  const { hostname, port } = new URL(leader.url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  socket.write(text);
  const [said] = (await once(socket, 'data')) as [Buffer];
  return { socket, said: said.toString() };
}

/** A standby that sends what a test wants. */
class Link {
  readonly #socket: Socket;
  readonly #writer: FrameWriter;
  readonly #ended = new Map<number, (reply: Reply | null) => void>();
  #latestId = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#writer = new FrameWriter(socket, new SystemClock());
    const reader = new FrameReader(1_000_000, (kind, id, content) =>
      this.#ended.get(id)?.(kind === FRAME.answer ? replyOf(content) : null),
    );
    socket.on('data', (chunk: Buffer) => reader.read(chunk));
  }

  static async open(): Promise<Link> {
    const { socket, said } = await say(requestForLink('a', KEY));
    expect(said).toBe(ACCEPTANCE);
    return new Link(socket);
  }

  get latestId(): number {
    return this.#latestId;
  }

  get isClosed(): boolean {
    return this.#socket.destroyed;
  }

  post(url: string, body: object, token = ALICE, client = '192.0.2.1'): Promise<Reply | null> {
    const headers = ['Host', 'a', 'Authorization', `Bearer ${token}`, 'X-Request-Id', `id-${url.length}`];
    const bytes = Buffer.from(JSON.stringify(body));
    this.#latestId += 1;
    this.#writer.send(
      FRAME.request,
      this.#latestId,
      encodeRequest({ method: 'POST', url, client, headers, body: bytes }),
    );
    return new Promise((resolve) => {
      this.#ended.set(this.#latestId, resolve);
    });
  }

  cancel(id: number): void {
    this.#writer.send(FRAME.cancel, id);
  }

  end(): void {
    this.#socket.end();
  }

  write(bytes: Buffer): void {
    this.#socket.write(bytes);
  }
}

function replyOf(content: Buffer): Reply {
  const { status, headers, body } = decodeAnswer(content);
  const requestId = headers[headers.indexOf('X-Request-Id') + 1];
  return { status, requestId, body: JSON.parse(body.toString()) as Record<string, unknown> };
}

function waiters(): number {
  return leader.app.get(LockStore).counts.waiterCount;
}

test.each([
  ['without a key', `CONNECT ${LINK_TARGET} HTTP/1.1\r\nHost: a${HANDSHAKE_END}`],
  ['with a wrong key', requestForLink('a', forwardingKey('another-secret-key-of-these-tests'))],
  ['of another version', requestForLink('a', KEY).replace(LINK_TARGET, 'link.octostore:2')],
])('a link %s is refused', async (_, text) => {
  const { said } = await say(text);
  expect(said).toContain('HTTP/1.1 400 ');
  expect(said).toContain('malformed_request');
});

test('locks are acquired and released, many at a time', async () => {
  const link = await Link.open();
  const names = Array.from({ length: 100 }, (_, index) => `linked-${index}`);

  const leases = await Promise.all(
    names.map((name) => link.post(`/locks/${name}/acquire`, { ...LEASE, metadata: 'caf\u00e9' })),
  );
  expect(leases.map((reply) => reply?.body)).toMatchObject(
    names.map((name) => ({ name, lease_id: LEASE_ID, metadata: 'caf\u00e9' })),
  );
  const refused = await link.post('/locks/linked-1/acquire', { ttl_seconds: 60 }, BOB);
  expect(refused).toMatchObject({
    status: 409,
    requestId: 'id-23',
    body: { code: 'lock_held', request_id: 'id-23' },
  });
  const ends = await Promise.all(
    names.map((name) => link.post(`/locks/${name}/release`, { lease_id: LEASE_ID })),
  );
  expect(new Set(ends.map((reply) => reply?.status))).toEqual(new Set([200]));
});

test('a request that Express serves is answered too', async () => {
  const link = await Link.open();
  expect(await link.post('/locks/a/acquire/?x=1', { ttl_seconds: 'x' })).toMatchObject({ status: 422 });
  expect(await link.post('/nowhere/', {})).toMatchObject({ status: 404 });
});

test('a wait ends when its request is cancelled, and when the link ends', async () => {
  const link = await Link.open();
  const wait = { ttl_seconds: 60, wait_seconds: 60 };
  await link.post('/locks/awaited/acquire', { ttl_seconds: 60 });
  void link.post('/locks/awaited/acquire', wait, BOB);
  const cancelled = link.latestId;
  await expect.poll(waiters).toBe(1);
  link.cancel(cancelled);
  await expect.poll(waiters).toBe(0);

  void link.post('/locks/awaited/acquire', wait, BOB);
  await expect.poll(waiters).toBe(1);
  link.end();
  await expect.poll(waiters).toBe(0);
});

test('failures count for the clients that the standby names', async () => {
  const link = await Link.open();
  const wrong = 'a-token-that-no-one-has';
  const statuses: (number | undefined)[] = [];
  for (let attempt = 0; attempt < 3; attempt += 1)
    statuses.push((await link.post('/locks/a/acquire', {}, wrong, '192.0.2.7'))?.status);
  expect(statuses).toEqual([401, 401, 429]);
  expect((await link.post('/locks/a/acquire', {}, wrong, '192.0.2.8'))?.status).toBe(401);
});

test('input that is not a frame ends the link', async () => {
  const link = await Link.open();
  link.write(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
  await expect.poll(() => link.isClosed).toBe(true);
});

test('a server that stops closes its links', async () => {
  const server = leader;
  leader = await startServer({ SECRET_KEY });
  const link = await Link.open();
  await leader.close();
  leader = server;
  await expect.poll(() => link.isClosed).toBe(true);
});
