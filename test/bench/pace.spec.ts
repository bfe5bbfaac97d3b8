import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { Client } from '../../src/bench/load/client.js';
import { ClosedLoop, OpenLoop, type Pace, type PacedClient } from '../../src/bench/load/pace.js';
import { Latencies } from '../../src/bench/load/latency.js';
import type { Target } from '../../src/bench/load/load.js';
import { Recorder } from '../../src/bench/load/recorder.js';
import { Schedule } from '../../src/bench/load/schedule.js';
import { acquireRelease } from '../../src/bench/workloads/acquire-release.js';
import { nowMs, pause } from '../../src/process/time.js';

const STALL_MS = 400;
const RUN_MS = 800;
const PER_SECOND = 200;
/** How long every answer after the first takes. */
const ANSWER_MS = 1;

test('each request is due at its own time, whatever happened to earlier ones', () => {
  const schedule = new Schedule(4, 1000);
  expect([...schedule.take(999)]).toEqual([]);
  expect([...schedule.take(1500)]).toEqual([1000, 1250, 1500]);
  expect(schedule.nextMs).toBe(1750);
  expect([...schedule.take(2100)]).toEqual([1750, 2000]);
});

describe('a server stalls at the first request', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'hrtime'] });
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  test('at a fixed rate, the stall counts for every request that was due during it', async () => {
    const { latenciesMs, notSent } = await load((startMs, endMs) => new OpenLoop(PER_SECOND, startMs, endMs));
    expect(notSent).toBe(0);
    expect(latenciesMs).toHaveLength((PER_SECOND * RUN_MS) / 1000);
    // Requests are due every 5 ms and then answered every millisecond, so each waits 4 ms less than the one before.
    const stalled = Array.from({ length: STALL_MS / 4 }, (_, index) => STALL_MS - 4 * index);
    expect(latenciesMs.slice(0, stalled.length).map(Math.round)).toEqual(stalled);
    expect(latenciesMs.slice(stalled.length).filter((ms) => ms > 2 * ANSWER_MS)).toEqual([]);
  });

  test('at a fixed rate, requests that no client could send before the end are reported as not sent', async () => {
    const { latenciesMs, notSent } = await load(
      (startMs) => new OpenLoop(PER_SECOND, startMs, startMs + STALL_MS / 2),
    );
    expect(latenciesMs).toEqual([STALL_MS]);
    expect(notSent).toBe((PER_SECOND * STALL_MS) / 2 / 1000 - 1);
  });

  test('in a closed loop, the stall counts once', async () => {
    const { latenciesMs } = await load((_, endMs) => new ClosedLoop(endMs));
    const others = Array.from({ length: (RUN_MS - STALL_MS) / ANSWER_MS }, () => ANSWER_MS);
    expect(latenciesMs.map(Math.round)).toEqual([STALL_MS, ...others]);
  });
});

test('a latency is measured from when the request was due, or else from when it was sent', async () => {
  const longAgoMs = 60_000;
  const slowest = async (dueMs: number | null): Promise<number> => {
    const recorder = new Recorder(null);
    recorder.begin({ startMs: nowMs() - 2 * longAgoMs, endMs: Infinity });
    const client = await connect(recorder);
    await client.exchange(dueMs);
    client.close();
    expect(recorder.operations).toMatchObject([{ operation: 'acquire', failures: {} }]);
    return Latencies.merge(recorder.operations.map((each) => Latencies.decode(each.latencies))).quantile(1);
  };
  expect(await slowest(null)).toBeLessThan(longAgoMs);
  expect(await slowest(nowMs() - longAgoMs)).toBeGreaterThanOrEqual(longAgoMs);
});

interface Loaded {
  readonly latenciesMs: readonly number[];
  readonly notSent: number;
}

/** One client of a server whose first answer is slow, on a clock that the test advances. */
async function load(paceOf: (startMs: number, endMs: number) => Pace): Promise<Loaded> {
  const latenciesMs: number[] = [];
  let answerMs = STALL_MS;
  const client: PacedClient = {
    script: acquireRelease.begin({ target, run: 'test', seconds: 1, record: () => undefined })(0),
    exchange: async (dueMs) => {
      const startedMs = dueMs ?? nowMs();
      const takesMs = answerMs;
      answerMs = ANSWER_MS;
      await pause(takesMs);
      latenciesMs.push(nowMs() - startedMs);
    },
  };
  const startMs = nowMs();
  const pace = paceOf(startMs, startMs + RUN_MS);
  const run = pace.run([client]);
  await vi.advanceTimersByTimeAsync(2 * RUN_MS);
  await run;
  return { latenciesMs, notSent: pace.notSent };
}

const target: Target = { host: '127.0.0.1', port: 0, isSecure: false, basePath: '', token: '' };

/** A client of a server that answers every request with an empty object. */
async function connect(recorder: Recorder): Promise<Client> {
  const server = createServer((request, response) => {
    request.resume();
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const script = acquireRelease.begin({ target, run: 'test', seconds: 1, record: () => undefined })(0);
  return new Client(acquireRelease, { ...target, port }, recorder, script);
}
