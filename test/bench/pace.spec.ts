import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { Client } from '../../src/bench/load/client.js';
import { ClosedLoop, OpenLoop, type Pace } from '../../src/bench/load/pace.js';
import { Latencies } from '../../src/bench/load/latency.js';
import { Recorder } from '../../src/bench/load/recorder.js';
import { Schedule } from '../../src/bench/load/schedule.js';
import { acquireRelease } from '../../src/bench/workloads/acquire-release.js';
import { nowMs } from '../../src/process/time.js';

const STALL_MS = 400;
const RUN_MS = 800;
const PER_SECOND = 200;

test('each request is due at its own moment, whatever became of those before', () => {
  const schedule = new Schedule(4, 1000);
  expect([...schedule.take(999)]).toEqual([]);
  expect([...schedule.take(1500)]).toEqual([1000, 1250, 1500]);
  expect(schedule.nextMs).toBe(1750);
  expect([...schedule.take(2100)]).toEqual([1750, 2000]);
});

test('at a rate, a stall counts for all who would have come meanwhile', async () => {
  const { latencies, notSent } = await loadStallingServer(
    (startMs, endMs) => new OpenLoop(PER_SECOND, startMs, endMs),
  );
  // Those that were due in the first half of the stall have waited for at least the other half.
  const due = (PER_SECOND * STALL_MS) / 2 / 1000;
  expect(latencies.count + notSent).toBeGreaterThanOrEqual(Math.floor((PER_SECOND * RUN_MS) / 1000) - 1);
  expect(countAbove(latencies, STALL_MS / 2)).toBeGreaterThanOrEqual(due - 2);
});

test('in a closed loop a stall counts once', async () => {
  const { latencies } = await loadStallingServer((_, endMs) => new ClosedLoop(endMs));
  expect(latencies.quantile(1)).toBeGreaterThanOrEqual(STALL_MS * 0.99);
  expect(latencies.quantile(0)).toBeLessThan(STALL_MS);
});

/** One connection to a server whose first answer takes long. */
async function loadStallingServer(
  paceOf: (startMs: number, endMs: number) => Pace,
): Promise<{ latencies: Latencies; notSent: number }> {
  const target = await stallingServer();
  const recorder = new Recorder(null);
  const script = acquireRelease.begin({ target, run: 'test', seconds: 1, record: () => undefined })(0);
  const client = new Client(acquireRelease, target, recorder, script);
  await client.prepare();
  const startMs = nowMs();
  const endMs = startMs + RUN_MS;
  recorder.begin({ startMs, endMs });
  const pace = paceOf(startMs, endMs);
  await pace.run([client]);
  client.close();
  expect(recorder.operations.flatMap(({ failures }) => Object.keys(failures))).toEqual([]);
  const latencies = Latencies.merge(recorder.operations.map((each) => Latencies.decode(each.latencies)));
  return { latencies, notSent: pace.notSent };
}

async function stallingServer() {
  let stallMs = STALL_MS;
  const server: Server = createServer((request, response) => {
    request.resume();
    setTimeout(() => response.end('{}'), stallMs);
    stallMs = 0;
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { host: '127.0.0.1', port, isSecure: false, basePath: '', token: '' };
}

function countAbove(latencies: Latencies, ms: number): number {
  let share = 0;
  while (share < 1 && latencies.quantile(share) <= ms) share += 0.001;
  return Math.round((1 - share) * latencies.count);
}
