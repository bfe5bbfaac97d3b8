import { httpRequest } from '../../../src/bench/load/http-request.js';
import { LeanConnection } from '../../../src/bench/load/lean-connection.js';
import { nowMs } from '../../../src/process/time.js';
import { Latencies } from '../../../src/bench/load/latency.js';
import type { Target } from '../../../src/bench/load/load.js';
import { median } from '../peers/comparison.js';
import { formatCount, formatMs } from '../../../src/bench/report/table.js';
import { runWorkload } from '../../../src/bench/run.js';
import type { ServerUnderTest } from '../../../src/bench/server/server-under-test.js';
import { filledServer, type FilledServer } from './filled-server.js';
import type { Measurement, ScaleBenchmark } from './measurement.js';

const FEW = 1_000;
const MANY = 1_000_000;
const ROUNDS = 5;
const LISTINGS = 200;
const PAGE = 100;
const EXPLANATIONS = 2_000;

const TARGETS = { slowdown: 1.2, bytesPerLock: 1024, startMs: 10_000, explainMs: 5 } as const;

/** The cost of holding very many locks. */
export const held: ScaleBenchmark = {
  name: 'held',
  about: `a server with ${formatCount(MANY)} held locks, compared with one with ${formatCount(FEW)}`,
  async run(reportProgress) {
    reportProgress('filling two databases');
    const few = await filledServer(FEW);
    try {
      const many = await filledServer(MANY);
      try {
        return [
          ...atRest(few, many),
          await speed(few, many, reportProgress),
          await listing(few, many),
          await explaining(few, many),
        ];
      } finally {
        await many.stop();
      }
    } finally {
      await few.stop();
    }
  },
};

function atRest(few: FilledServer, many: FilledServer): Measurement[] {
  const residentPerLock = (many.residentBytes - few.residentBytes) / (MANY - FEW);
  return [
    {
      name: 'start',
      figure:
        `${formatMs(many.startMs)} ms (processor time ${formatMs(many.startCpuMs)}), ` +
        `with few locks ${formatMs(few.startMs)} ms (${formatMs(few.startCpuMs)})`,
      target: `below ${TARGETS.startMs} ms`,
      isMet: many.startMs < TARGETS.startMs,
    },
    {
      name: 'memory of the state',
      figure: `${formatCount(many.heapBytesPerLock)} bytes per lock`,
      target: `at most ${TARGETS.bytesPerLock}`,
      isMet: many.heapBytesPerLock <= TARGETS.bytesPerLock,
    },
    {
      name: 'memory of the process, just after the start',
      figure: `${formatCount(many.residentBytes / 2 ** 20)} MiB, ${formatCount(residentPerLock)} bytes per lock`,
    },
  ];
}

/** Measures both in turn, so that a disturbance affects both. */
async function speed(
  few: ServerUnderTest,
  many: ServerUnderTest,
  reportProgress: (line: string) => void,
): Promise<Measurement> {
  const slowdowns: number[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    const [withFew, withMany] = [await acquiresPerSecond(few), await acquiresPerSecond(many)];
    reportProgress(
      `round ${round}: ${formatCount(withFew)}/s with few, ${formatCount(withMany)}/s with many`,
    );
    slowdowns.push(withFew / withMany);
  }
  const slowdown = median(slowdowns);
  return {
    name: 'acquire and release at 64 connections',
    figure: `${slowdown.toFixed(2)} times as slow`,
    target: `at most ${TARGETS.slowdown}`,
    isMet: slowdown <= TARGETS.slowdown,
  };
}

async function acquiresPerSecond(server: ServerUnderTest): Promise<number> {
  const settings = { workload: 'acquire-release', connections: 64, warmupSeconds: 1, seconds: 3, rate: null };
  return (await runWorkload(server, settings)).all.perSecond;
}

async function listing(few: ServerUnderTest, many: ServerUnderTest): Promise<Measurement> {
  const [withFew, withMany] = [await listings(few.target), await listings(many.target)];
  return {
    name: `a listing of ${PAGE} locks with a prefix`,
    figure: `p50 ${formatMs(withMany.quantile(0.5))} ms, with few locks ${formatMs(withFew.quantile(0.5))} ms`,
  };
}

async function explaining(few: ServerUnderTest, many: ServerUnderTest): Promise<Measurement> {
  const [withFew, withMany] = [await explanations(few.target, FEW), await explanations(many.target, MANY)];
  const p99 = withMany.quantile(0.99);
  return {
    name: 'an explanation of one lock',
    figure: `p50 ${formatMs(withMany.quantile(0.5))} ms, p99 ${formatMs(p99)} ms, with few locks p99 ${formatMs(withFew.quantile(0.99))} ms`,
    target: `p99 below ${TARGETS.explainMs} ms`,
    isMet: p99 < TARGETS.explainMs,
  };
}

function listings(target: Target): Promise<Latencies> {
  const paths = Array.from({ length: LISTINGS }, () => `/locks?prefix=held/00009&limit=${PAGE}`);
  return readings(target, paths, `"total":${PAGE}`);
}

/** Of locks all over the range. */
function explanations(target: Target, locks: number): Promise<Latencies> {
  const step = Math.ceil(locks / EXPLANATIONS);
  const paths = Array.from(
    { length: EXPLANATIONS },
    (_, index) => `/explain/held%2F${String((index * step) % locks).padStart(7, '0')}`,
  );
  return readings(target, paths, '"fencing_token"');
}

/** Reads one path after another on one connection. */
async function readings(target: Target, paths: readonly string[], expected: string): Promise<Latencies> {
  const latencies = new Latencies();
  const connection = await LeanConnection.open(target);
  for (const path of paths) {
    const request = httpRequest({ method: 'GET', path, token: target.token });
    const sentMs = nowMs();
    const { status, body } = await connection.send(request);
    if (status !== 200 || !body.includes(expected)) throw new Error(`${path} was answered with ${status}`);
    latencies.add(nowMs() - sentMs);
  }
  connection.close();
  return latencies;
}
