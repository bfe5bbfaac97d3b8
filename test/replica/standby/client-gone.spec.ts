import { expect, test } from 'vitest';
import { ManualClock } from '../../support/manual-clock.js';
import { openRawConnection } from '../../support/raw-connection.js';
import { startStandby, type StandbyRig } from '../standby-rig.js';
import { answer, HANG, Upstream, type Behaviour, type Received } from '../upstream.js';

const WAIT = acquire('{"lease_id":"3f1c8a9e-5a0b-4a52-9f0e-3f1df4c7c1ab","wait_seconds":60}');

function acquire(body: string): string {
  return `POST /locks/a/acquire HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

async function startBoth(behaviour: Behaviour): Promise<StandbyRig & { upstream: Upstream }> {
  const [rig, upstream] = await Promise.all([startStandby(), Upstream.start(behaviour)]);
  rig.standby.forwardTo(upstream.target);
  return { ...rig, upstream };
}

function aborted({ request }: Received): Promise<void> {
  return new Promise((resolve) => {
    request.socket.once('close', () => resolve());
  });
}

test('when a client is gone, its request to the leader ends', async () => {
  const { url, upstream, done } = await startBoth(HANG);
  const connection = await openRawConnection(url);
  connection.send('POST /sessions HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}');
  const isAborted = aborted(await upstream.received());

  connection.reset();

  await isAborted;
  expect(done).toEqual([null]);
});

test('when the client of an event stream is gone, the stream from the leader ends', async () => {
  const { url, upstream } = await startBoth(({ response }) => response.write('event'));
  const connection = await openRawConnection(url);
  connection.send('GET /watch HTTP/1.1\r\nHost: a\r\n\r\n');
  const isAborted = aborted(await upstream.received());
  await connection.received('event');

  connection.cut();

  await isAborted;
  expect(upstream.unseen).toBe(0);
});

test('a client that has closed its half still gets an answer', async () => {
  const { url, upstream } = await startBoth(HANG);
  const connection = await openRawConnection(url);

  connection.send('POST /sessions HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}').end();
  (await upstream.received()).response.end('made');

  expect(await connection.reply()).toMatchObject({
    status: 200,
    body: expect.stringContaining('made') as string,
  });
});

test('a client that has closed its half does not wait for a lock', async () => {
  const { url, upstream } = await startBoth(HANG);
  const connection = await openRawConnection(url);
  connection.send(WAIT);
  const isAborted = aborted(await upstream.received());

  connection.end();

  await isAborted;
  const reply = await connection.reply();
  expect([reply.status, JSON.parse(reply.body)]).toMatchObject([408, { code: 'request_timeout' }]);
});

test('an event stream ends in order if its client has closed its half', async () => {
  const { url, upstream } = await startBoth(({ response }) => response.write('event'));
  const connection = await openRawConnection(url);
  connection.send('GET /locks/a/watch?x=1 HTTP/1.1\r\nHost: a\r\n\r\n');
  const isAborted = aborted(await upstream.received());
  await connection.received('event');

  connection.end();

  await isAborted;
  expect((await connection.reply()).status).toBe(200);
});

test('an acquire without a wait is answered after its client has closed its half', async () => {
  const { url } = await startBoth(answer('held', 409));
  const connection = await openRawConnection(url);

  connection.send(acquire('{}')).end();

  expect((await connection.reply()).status).toBe(409);
});

test('a request that is held is not sent once its client is gone', async () => {
  const clock = new ManualClock();
  const [{ standby, url, client, done }, upstream] = await Promise.all([
    startStandby({ clock }),
    Upstream.start(),
  ]);
  const connection = await openRawConnection(url);
  connection.send('POST /sessions HTTP/1.1\r\nHost: a\r\n\r\n');
  await expect.poll(() => clock.hasTimerDueIn(5_000)).toBe(true);

  connection.reset();
  await expect.poll(() => done).toEqual([null]);
  standby.forwardTo(upstream.target);
  await client.get('/locks');

  expect((await upstream.received()).request.url).toBe('/locks');
  expect(clock.hasTimerDueIn(5_000)).toBe(false);
});

test('a client that reads nothing is cut off, and its answer with it', async () => {
  const [{ standby, url, done }, upstream] = await Promise.all([
    startStandby({ unreadMsMax: 100 }),
    Upstream.start(({ response }) => response.write(Buffer.alloc(32 * 1024 * 1024))),
  ]);
  standby.forwardTo(upstream.target);
  const connection = await openRawConnection(url);
  connection.stopReading().send('GET /locks HTTP/1.1\r\nHost: a\r\n\r\n');

  await aborted(await upstream.received());
  expect(done).toEqual([200]);
});
