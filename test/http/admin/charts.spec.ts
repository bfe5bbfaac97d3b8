import { expect, test } from 'vitest';
import { Charts } from '../../../src/admin/charts/charts.js';
import { SERIES_NAMES, type SeriesName } from '../../../src/admin/charts/series.js';
import { ManualClock } from '../../support/manual-clock.js';
import { SseStream } from '../../support/sse.js';
import { ALICE } from '../../support/server.js';
import { acquire, openSession, useServer } from '../suite.js';

const clock = new ManualClock();
const suite = useServer({ SIGN_INS_PER_MINUTE: '2' }, clock);

interface Read {
  readonly replica: unknown;
  readonly term: number;
  readonly times: number[];
  readonly series: Record<SeriesName, (number | null)[]>;
}

async function read(): Promise<Read> {
  const { status, body } = await suite.operator.get('/admin/charts');
  expect(status).toBe(200);
  expect(body['interval_seconds']).toBe(10);
  return body as unknown as Read;
}

/** What the next sample says after `act`. */
async function sampleAfter(act: () => Promise<unknown>): Promise<Record<SeriesName, number | null>> {
  const charts = suite.server.app.get(Charts);
  clock.advance(10_000);
  await charts.sample();
  await act();
  clock.advance(10_000);
  await charts.sample();
  const { series } = await read();
  return Object.fromEntries(SERIES_NAMES.map((name) => [name, series[name].at(-1) ?? null])) as Record<
    SeriesName,
    number | null
  >;
}

test('a quiet time has no durations, and no rates', async () => {
  expect(await sampleAfter(() => Promise.resolve())).toMatchObject({
    command_p50_ms: null,
    command_p99_ms: null,
    commands_per_second: 0,
    overloaded_per_second: 0,
    rate_limited_per_second: 0,
    deliveries_per_second: 0,
    delivery_failures_per_second: 0,
    locks_held: 0,
    memory_bytes: expect.any(Number),
    heap_bytes: expect.any(Number),
  });
});

test('a sample has what happened since the one before', async () => {
  const watch = await SseStream.open(`${suite.server.url}/watch`, { token: ALICE });
  await watch.next();
  const { name, leaseId } = await acquire(suite.alice);
  await openSession(suite.alice);
  const sample = await sampleAfter(async () => {
    for (let i = 0; i < 20; i += 1)
      await suite.alice.post(`/locks/${name}/renew`, { lease_id: leaseId, ttl_seconds: 60 });
    await suite.alice.get('/locks');
  });
  // Reading the charts is a request too.
  expect(sample.requests_per_second).toBeGreaterThanOrEqual(2.1);
  expect(sample.requests_per_second).toBeLessThan(2.5);
  expect(sample).toMatchObject({
    commands_per_second: 2,
    locks_held: 1,
    sessions: 1,
    waiters: 0,
    streams: 1,
  });
  for (const [low, high] of [
    ['command_p50_ms', 'command_p95_ms'],
    ['command_p95_ms', 'command_p99_ms'],
    ['commit_p50_ms', 'commit_p99_ms'],
  ] as const)
    expect(sample[low]).toBeLessThanOrEqual(sample[high] ?? -1);
  await suite.alice.post(`/locks/${name}/release`, { lease_id: leaseId });
});

test('an acquire that waits makes no command seem slow', async () => {
  const { name, leaseId } = await acquire(suite.bob);
  const sample = await sampleAfter(async () => {
    const waiting = suite.alice.post(`/locks/${name}/acquire`, { ttl_seconds: 60, wait_seconds: 30 });
    await expect.poll(async () => (await suite.bob.get(`/locks/${name}`)).body['waiters']).toBe(1);
    clock.advance(5_000);
    await suite.bob.post(`/locks/${name}/release`, { lease_id: leaseId });
    const { body } = await waiting;
    await suite.alice.post(`/locks/${name}/release`, { lease_id: body['lease_id'] });
  });
  expect(sample.command_p99_ms).toBeLessThan(1_000);
});

test('refusals are counted', async () => {
  const sample = await sampleAfter(async () => {
    for (let i = 0; i < 4; i += 1) await suite.nobody.get('/auth/github');
  });
  expect(sample.rate_limited_per_second).toBe(0.2);
});

test('an hour is kept', async () => {
  const charts = suite.server.app.get(Charts);
  for (let i = 0; i < 365; i += 1) {
    clock.advance(10_000);
    await charts.sample();
  }
  const { times, series, replica, term } = await read();
  expect(times).toHaveLength(360);
  expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBe(3_590);
  expect(times.at(-1)).toBe(Math.round(clock.wallMs() / 1000));
  expect(Object.keys(series)).toEqual(SERIES_NAMES);
  for (const name of SERIES_NAMES) expect(series[name]).toHaveLength(360);
  expect({ replica, term }).toEqual({ replica: null, term: 1 });
});
