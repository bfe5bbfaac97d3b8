import { expect, test } from 'vitest';
import { SseStream } from '../../support/sse.js';
import { ADMIN_KEY, startStandby, type StandbyRig } from '../standby-rig.js';
import { answer, HANG, Upstream, type Behaviour } from '../upstream.js';

/** A standby that is about to exit. Its clients can go on at another server. */

const WAIT = { lease_id: '3f1c8a9e-5a0b-4a52-9f0e-3f1df4c7c1ab', ttl_seconds: 60, wait_seconds: 60 };
const OUTCOME_UNKNOWN = { status: 503, body: { code: 'outcome_unknown' } };
const SHUTTING_DOWN = { status: 503, body: { code: 'shutting_down' } };

async function start(behaviour: Behaviour): Promise<StandbyRig & { upstream: Upstream }> {
  const [rig, upstream] = await Promise.all([startStandby(), Upstream.start(behaviour)]);
  rig.standby.forwardTo(upstream.target);
  return { ...rig, upstream };
}

test('a wait ends at once, and its client learns that it can be repeated', async () => {
  const { client, standby, upstream } = await start(HANG);
  const reply = client.post('/locks/a/acquire', WAIT);
  await upstream.received();
  standby.drain();
  const { headers, ...rest } = await reply;
  // The leader may have granted the lock just then, so `shutting_down` would say too much.
  expect(rest).toMatchObject(OUTCOME_UNKNOWN);
  expect(rest.body['details']).toContain('Repeat the request with the same lease_id');
  expect(headers.get('retry-after')).toBe('1');
  expect(headers.get('octostore-unserved')).toBeNull();
  expect(upstream.unseen).toBe(0);
});

test('what became of a wait without a lease id is unknown', async () => {
  const { client, standby, upstream } = await start(HANG);
  const reply = client.post('/leases', { locks: [], wait_seconds: 60 });
  await upstream.received();
  standby.drain();
  const { body, status } = await reply;
  expect({ status, body }).toMatchObject(OUTCOME_UNKNOWN);
  expect(body['details']).toBeUndefined();
});

test('a wait that was held, or has just arrived, certainly had no effect', async () => {
  const { client, standby, upstream } = await start(HANG);
  standby.forwardTo(null);
  const held = client.post('/locks/a/acquire', WAIT);
  // On the same event loop, the later request arrives later.
  expect(await client.get('/health/ready')).toMatchObject({ status: 503 });
  standby.drain();
  standby.forwardTo(upstream.target);
  const late = client.post('/locks/a/acquire', WAIT);
  for (const reply of [await held, await late]) {
    expect(reply).toMatchObject(SHUTTING_DOWN);
    expect(reply.headers.get('octostore-unserved')).toBe('1');
  }
  expect(upstream.unseen).toBe(0);
});

test('an event stream ends in order, and its request to the leader ends too', async () => {
  const { url, standby, upstream } = await start(({ response }) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write('event: held\ndata: {}\n\n');
  });
  const stream = await SseStream.open(`${url}/locks/a/watch`, { token: 'any' });
  await stream.next();
  const { request } = await upstream.received();
  standby.drain();
  await stream.ended;
  expect(stream.isWhole).toBe(true);
  await expect.poll(() => request.socket.destroyed).toBe(true);
});

test('everything else is still served', async () => {
  const { client, standby, upstream } = await start(HANG);
  const reply = client.post('/locks/a/release', {});
  const { response } = await upstream.received();
  standby.drain();
  response.end('released');
  expect((await reply).status).toBe(200);
  upstream.next(answer('renewed'));
  expect((await client.post('/locks/a/renew', {})).status).toBe(200);
});

test('the metrics count what ended because of the stop', async () => {
  const { client, standby } = await start(HANG);
  standby.drain();
  await client.post('/locks/a/acquire', WAIT);
  const metrics = await client.get('/metrics', { headers: { 'x-admin-key': ADMIN_KEY } });
  expect(String(metrics.body['text'])).toContain('_requests_total{outcome="shutting_down"} 1\n');
});
