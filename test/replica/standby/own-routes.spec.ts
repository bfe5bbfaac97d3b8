import { expect, test } from 'vitest';
import { VERSION } from '../../../src/version.js';
import { ManualClock } from '../../support/manual-clock.js';
import { ADMIN_KEY, METRICS_KEY, startStandby, type StandbyRig } from '../standby-rig.js';
import { HANG, Upstream, type Behaviour } from '../upstream.js';

/** The counters of a leader. */
const STATUS = {
  service: 'OctoStore',
  version: '9.9.9',
  status: 'ready',
  role: 'leader',
  term: 41,
  database: 'postgres',
  uptime_seconds: 100,
  locks_held: 3,
  sessions: 2,
  waiters: 1,
};

const counters: Behaviour = ({ response }) =>
  response.setHeader('Content-Type', 'application/json').end(JSON.stringify(STATUS));

interface Rig extends StandbyRig {
  readonly clock: ManualClock;
  readonly upstream: Upstream;
  /** Lets the standby know the leader, and waits until it has reached it. */
  readonly reach: () => Promise<void>;
}

async function start(settings: Record<string, string> = {}): Promise<Rig> {
  const clock = new ManualClock();
  const [rig, upstream] = await Promise.all([startStandby({ clock, settings }), Upstream.start(counters)]);
  const reach = async (): Promise<void> => {
    rig.standby.forwardTo(upstream.target);
    await expect.poll(() => readiness(rig)).toBe('ready');
  };
  return { ...rig, clock, upstream, reach };
}

async function readiness({ client }: StandbyRig): Promise<unknown> {
  const { status, body } = await client.get('/health/ready');
  expect(status).toBe(body['status'] === 'ready' ? 200 : 503);
  return body['status'];
}

function metrics({ client }: StandbyRig, key = METRICS_KEY): Promise<string> {
  return client
    .as(key)
    .get('/metrics')
    .then(({ body }) => String(body['text']));
}

test('a standby answers for itself whether it is there', async () => {
  const { client, url } = await start();

  const health = await client.get('/health?x=1');
  expect(health).toMatchObject({ status: 200, body: { text: 'OK' } });
  expect(health.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(await client.get('/health/live')).toMatchObject({ status: 200, body: { status: 'alive' } });
  const head = await fetch(`${url}/health`, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length')]).toEqual([200, '2']);
});

test('a standby is ready while the leader answers', async () => {
  const rig = await start();
  const { clock, upstream, standby } = rig;
  expect(await readiness(rig)).toBe('unavailable');

  await rig.reach();
  upstream.isAlive = false;
  clock.advance(3_000);
  expect(await readiness(rig)).toBe('ready');
  clock.advance(1);
  expect(await readiness(rig)).toBe('unavailable');

  upstream.isAlive = true;
  clock.advance(1_000);
  await expect.poll(() => readiness(rig)).toBe('ready');
  standby.forwardTo(null);
  expect(await readiness(rig)).toBe('unavailable');
});

test('the leader is asked again a second after each answer', async () => {
  const rig = await start();
  await rig.reach();

  rig.clock.advance(999);
  await rig.client.get('/health');
  expect(rig.upstream.probes).toBe(1);
  rig.clock.advance(1);
  await expect.poll(() => rig.upstream.probes).toBe(2);
});

test('a server that stops is not ready', async () => {
  const rig = await start();
  await rig.reach();

  rig.state.isStopping = true;

  expect(await readiness(rig)).toBe('stopping');
});

test('the status has the counters of the leader, and what concerns this server', async () => {
  const rig = await start();
  await rig.reach();
  rig.clock.advance(900);

  const { status, body } = await rig.client.get('/status');

  expect([status, body]).toEqual([
    200,
    { ...STATUS, version: VERSION, status: 'ready', role: 'standby', term: 7, uptime_seconds: 0 },
  ]);
});

test('without a leader there is no status', async () => {
  const rig = await start();
  expect(await rig.client.get('/status')).toMatchObject({ status: 503, body: { code: 'no_leader' } });

  rig.upstream.next(HANG);
  rig.standby.forwardTo(rig.upstream.target);
  const reply = rig.client.get('/status');
  await rig.upstream.received();
  rig.clock.advance(1_000);

  expect(await reply).toMatchObject({ status: 503, body: { code: 'no_leader' } });
});

test('other methods and paths are forwarded', async () => {
  const rig = await start();
  await rig.reach();

  for (const [method, path] of [
    ['POST', '/health'],
    ['DELETE', '/metrics'],
    ['GET', '/healthy'],
    ['GET', '/health/'],
  ] as const) {
    await rig.client.call(method, path);
    const { request } = await rig.upstream.received();
    expect([request.method, request.url]).toEqual([method, path]);
  }
});

test('the metrics say what the standby does', async () => {
  const rig = await start();
  await rig.reach();
  await rig.client.get('/locks');

  const text = await metrics(rig);

  expect(text).toContain('octostore_leads 0\n');
  expect(text).toContain('octostore_term 7\n');
  expect(text).toContain('octostore_leader_reachable 1\n');
  expect(text).toContain('octostore_forwarded_requests_total{outcome="answered"} 1\n');
  expect(text).toContain('octostore_http_requests_total{method="GET",route="forwarded",code="200"} 1\n');
  expect(text).toContain('route="/health/ready"');
  expect(text).toContain(`octostore_build_info{version="${VERSION}"`);
  expect(text).toContain('process_cpu_seconds_total');
  expect(text).toMatch(/octostore_connections \d/);
});

test('the metrics say how long requests were held', async () => {
  const rig = await start();
  const reply = rig.client.get('/locks');
  await expect.poll(() => rig.clock.hasTimerDueIn(5_000)).toBe(true);
  rig.clock.advance(5_000);
  await reply;

  const text = await metrics(rig);

  expect(text).toContain('octostore_forward_hold_duration_seconds_sum 5\n');
  expect(text).toContain('octostore_forwarded_requests_total{outcome="no_leader"} 1\n');
  expect(text).toContain('octostore_leader_reachable 0\n');
});

test.each([
  ['a metrics key as a token', { authorization: `Bearer ${METRICS_KEY}` }, 200],
  ['the admin key as a token', { authorization: `Bearer ${ADMIN_KEY}` }, 200],
  ['the admin key', { 'x-admin-key': ADMIN_KEY }, 200],
  ['a metrics key in its other header', { 'x-octostore-admin-key': METRICS_KEY }, 200],
  ['nothing', {}, 401],
  ['a wrong token', { authorization: 'Bearer wrong' }, 401],
  ['a wrong key beside a right token', { 'x-admin-key': 'wrong', authorization: `Bearer ${ADMIN_KEY}` }, 401],
  ['two different keys', { 'x-admin-key': ADMIN_KEY, 'x-octostore-admin-key': METRICS_KEY }, 401],
] as const)('the metrics need a key: %s', async (_what, headers, status) => {
  const { client } = await start();

  const reply = await client.get('/metrics', { headers });

  expect(reply.status).toBe(status);
  if (status === 200)
    expect(reply.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  else expect(reply.body).toMatchObject({ code: 'unauthorized' });
});

test('guessing the key of the metrics is slowed down', async () => {
  const { client } = await start({ AUTH_FAILURES_PER_MINUTE: '2' });
  const guesses = ['a', 'b', 'c'].map((guess) => client.as(guess).get('/metrics'));

  expect(
    (await Promise.all(guesses)).map(({ status }) => status).toSorted((one, other) => one - other),
  ).toEqual([401, 401, 429]);
  expect((await client.as(METRICS_KEY).get('/metrics')).status).toBe(200);
});
