import { expect, test } from 'vitest';
import { Latencies } from '../../src/bench/load/latency.js';
import type { LoadResult } from '../../src/bench/load/load.js';
import { linearAxis, logarithmicAxis, ninesAxis } from '../../src/bench/report/axis.js';
import { htmlReport } from '../../src/bench/report/html-report.js';
import { thisMachine } from '../../src/bench/report/machine.js';
import { failureCount, summarize } from '../../src/bench/report/summary.js';
import { textReport } from '../../src/bench/report/text-report.js';

const TASK = { workload: 'contended', connections: 2, seconds: 1, warmupSeconds: 0, rate: 100 };

function encoded(...milliseconds: number[]): string {
  const latencies = new Latencies();
  for (const ms of milliseconds) latencies.add(ms);
  return latencies.encode();
}

const RESULT: LoadResult = {
  operations: [
    {
      operation: 'acquire',
      latencies: encoded(2, 2, 2),
      perSecond: 3,
      failures: { 'HTTP 503': 4, '<b>cut</b>': 1 },
    },
    { operation: 'handoff', latencies: encoded(9, 9), perSecond: 2, failures: {} },
    { operation: 'release', latencies: encoded(4), perSecond: 1, failures: {} },
  ],
  timeline: [{ second: 0, failures: 5, ...new Latencies().summary }],
  notSent: 6,
  lateness: null,
  generatorCpu: 0.25,
};
const REPORT = summarize(TASK, RESULT, null);

test('the total contains the requests, without measures derived from them', () => {
  expect(REPORT.all).toMatchObject({ count: 4, perSecond: 4 });
  expect(REPORT.all.max).toBeCloseTo(4, 1);
});

test('every failure is reported', () => {
  expect(failureCount(REPORT)).toBe(11);
  const text = textReport(REPORT);
  expect(text).toMatch(/^ {2}acquire +3 .* 5$/m);
  expect(text).toContain('FAILED 4 times: HTTP 503');
  expect(text).toContain('NOT SENT 6 requests');
});

test('the page loads nothing from another host, and escapes all text', () => {
  const page = htmlReport({ machine: thisMachine(), server: 'https://a.example/', reports: [REPORT] });
  expect(page).toContain('<svg');
  expect(page).not.toMatch(/\b(?:src|href|import)\b|url\(/);
  expect(page).not.toContain('<b>');
  expect(page).not.toMatch(/NaN|Infinity|undefined/);
});

test('a workload without a single success can be shown', () => {
  const nothing = summarize(TASK, { ...RESULT, operations: [], timeline: [] }, null);
  expect(htmlReport({ machine: thisMachine(), server: '', reports: [nothing] })).not.toMatch(/NaN|Infinity/);
});

test('axes place values between their ends', () => {
  expect(linearAxis('', 970).ticks.map(({ at }) => at)).toEqual([0, 200, 400, 600, 800, 1000]);
  expect(linearAxis('', 970).place(500)).toBe(0.5);
  expect(logarithmicAxis('', 0.3, 70).ticks.map(({ label }) => label)).toEqual(['0.1', '1', '10', '100']);
  expect(logarithmicAxis('', 0.3, 70).place(10)).toBeCloseTo(2 / 3);
  expect(ninesAxis('', 0.999).place(0.99)).toBeCloseTo(2 / 3);
  expect(ninesAxis('', 0.999).ticks.at(-1)?.label).toBe('99.9 %');
});
