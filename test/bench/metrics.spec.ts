import { expect, test } from 'vitest';
import { difference, quantileOf, Scrape, workBetween } from '../../src/bench/server/metrics.js';

const scrape = (commits: number, callers: number, seconds: number): Scrape =>
  new Scrape(`# HELP octostore_commit_duration_seconds Time
# TYPE octostore_commit_duration_seconds histogram
octostore_commit_duration_seconds_bucket{le="0.001"} ${commits / 2}
octostore_commit_duration_seconds_bucket{le="0.01"} ${commits}
octostore_commit_duration_seconds_bucket{le="+Inf"} ${commits}
octostore_commit_duration_seconds_sum ${seconds}
octostore_commit_duration_seconds_count ${commits}
octostore_commit_callers_sum ${callers}
octostore_commit_callers_count ${commits}
process_cpu_seconds_total ${seconds}
process_resident_memory_bytes 1048576
`);

test('the work of a server is the difference between two scrapes', () => {
  expect(workBetween(scrape(100, 400, 1), scrape(300, 2400, 2))).toEqual({
    commits: 200,
    commitMeanMs: 5,
    commitP50Ms: 1,
    commitP99Ms: expect.closeTo(9.82),
    callersPerCommit: 10,
    cpuSeconds: 1,
    residentBytes: 1_048_576,
  });
});

test('a server that committed nothing has no latencies', () => {
  const nothing = workBetween(scrape(100, 400, 1), scrape(100, 400, 1));
  expect(nothing).toMatchObject({ commits: 0, commitMeanMs: 0, commitP50Ms: 0, callersPerCommit: 0 });
});

test('a quantile above the last bound is reported as that bound', () => {
  const beyond = {
    buckets: [
      { le: 1, count: 0 },
      { le: Infinity, count: 4 },
    ],
    sum: 8,
    count: 4,
  };
  expect(quantileOf(beyond, 0.5)).toBe(1);
  expect(difference(beyond, beyond).count).toBe(0);
});
