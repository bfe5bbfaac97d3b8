import { expect, test } from 'vitest';
import { SILENT_MS } from '../../../src/replica/forward/silence.js';
import { ManualClock } from '../../support/manual-clock.js';
import { openRawConnection } from '../../support/raw-connection.js';
import { SseStream } from '../../support/sse.js';
import { startStandby, type StandbyRig } from '../standby-rig.js';
import { answer, HANG, Upstream, type Behaviour } from '../upstream.js';

/** A leader that writes to the database, but whose packets to and from a standby vanish: connections neither answer nor break. */

const LEASE_ID = '3f1c8a9e-5a0b-4a52-9f0e-3f1df4c7c1ab';

/** Between two probes, and how long one may take. */
const STEP_MS = 1_000;

/** So short that the answer to a probe arrives after one of these steps or another. */
const SHORT_MS = 250;

interface Rig extends StandbyRig {
  readonly upstream: Upstream;
  readonly clock: ManualClock;
  /** Time passes in which no probe is answered. */
  readonly passInSilence: (durationMs: number) => Promise<void>;
  /** Time passes in which all probes are answered. */
  readonly passWithAnswers: (durationMs: number) => Promise<void>;
}

async function start(behaviour: Behaviour): Promise<Rig> {
  const clock = new ManualClock();
  const [rig, upstream] = await Promise.all([startStandby({ clock }), Upstream.start(behaviour)]);
  rig.standby.forwardTo(upstream.target);
  await expect.poll(() => upstream.probes).toBe(1);
  const isTimerSet = async (): Promise<void> => {
    await expect.poll(() => clock.hasTimerDueIn(STEP_MS)).toBe(true);
  };
  const passInSilence = async (durationMs: number): Promise<void> => {
    for (let passedMs = 0; passedMs < durationMs; passedMs += STEP_MS) {
      await isTimerSet();
      clock.advance(STEP_MS);
    }
  };
  const passWithAnswers = async (durationMs: number): Promise<void> => {
    for (let passedMs = 0; passedMs < durationMs; passedMs += SHORT_MS) {
      clock.advance(SHORT_MS);
      upstream.next(answer('in the meantime'));
      await rig.client.get('/locks');
    }
  };
  return { ...rig, upstream, clock, passInSilence, passWithAnswers };
}

test('a request that is not safe to repeat gets 503 after a while, since no one knows what became of it', async () => {
  const { client, upstream, passInSilence } = await start(HANG);
  const reply = client.post('/locks/a/release', { lease_id: LEASE_ID });
  await upstream.received();
  let isAnswered = false;
  void reply.then(() => (isAnswered = true));
  upstream.isAlive = false;
  await passInSilence(SILENT_MS - 2 * STEP_MS);
  expect(isAnswered).toBe(false);
  await passInSilence(4 * STEP_MS);
  expect(await reply).toMatchObject({ status: 503, body: { code: 'outcome_unknown' } });
});

test('a request that is safe to repeat is sent again on a new connection', async () => {
  const { client, upstream, passInSilence } = await start(HANG);
  const reply = client.post('/locks/a/renew', { lease_id: LEASE_ID });
  const { request } = await upstream.received();
  upstream.isAlive = false;
  upstream.next(({ response }) => response.end('{"renewed":true}'));
  await passInSilence(SILENT_MS + 2 * STEP_MS);
  expect(await reply).toMatchObject({ status: 200 });
  expect((await upstream.received()).request.socket).not.toBe(request.socket);
});

test('an event stream is cut, so that its client connects again', async () => {
  const { url, upstream, passInSilence } = await start(({ response }) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write('event: held\ndata: {}\n\n');
  });
  const stream = await SseStream.open(`${url}/locks/a/watch`, { token: 'any' });
  expect(await stream.next()).toMatchObject({ event: 'held' });
  upstream.isAlive = false;
  const ended = stream.next().then(
    () => 'another event',
    () => 'cut',
  );
  await passInSilence(SILENT_MS + 2 * STEP_MS);
  expect(await ended).toBe('cut');
});

test('a leader that answers probes may take as long as it likes for a request', async () => {
  const { url, upstream, passWithAnswers } = await start(HANG);
  const connection = await openRawConnection(url);
  connection.send('POST /locks/a/release HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}');
  const { response } = await upstream.received();
  await passWithAnswers(SILENT_MS * 2);
  response.writeHead(200).end('late');
  expect((await connection.reply()).status).toBe(200);
});
