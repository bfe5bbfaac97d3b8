import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ALICE, ADMIN_KEY, startServer, type TestServer } from '../../support/server.js';
import { isPrometheusInstalled, PrometheusServer } from './prometheus-server.js';
import { alerts, boardQueries, CASES, recordings, RULES } from './rules.js';

/** The library's own metrics that promtool finds badly named. */
const NAMED_BADLY = /^nodejs_active_(?:handles|requests|resources)_total /;

const PATIENT = { timeout: 60_000, interval: 200 } as const;

function promtool(args: readonly string[], input = ''): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync('promtool', args, { input, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

describe.skipIf(!isPrometheusInstalled())('with Prometheus', () => {
  let server: TestServer;
  let prometheus: PrometheusServer;

  beforeAll(async () => {
    server = await startServer({ MAX_LOCKS: '1' });
    prometheus = await PrometheusServer.start({ target: server.url, key: ADMIN_KEY });
  }, 90_000);

  afterAll(async () => {
    await prometheus.stop();
    await server.close();
  });

  test('promtool accepts the rules, and what their cases expect is what happens', () => {
    expect(promtool(['check', 'rules', RULES])).toMatchObject({ status: 0 });
    expect(promtool(['test', 'rules', CASES])).toMatchObject({ status: 0 });
  }, 120_000);

  test('promtool accepts what the server exports', async () => {
    await fetch(`${server.url}/locks`, { headers: { authorization: `Bearer ${ALICE}` } });
    const headers = { authorization: `Bearer ${ADMIN_KEY}` };
    const scraped = await (await fetch(`${server.url}/metrics`, { headers })).text();
    const complaints = promtool(['check', 'metrics'], scraped).output.split('\n');
    expect(complaints.filter((line) => line !== '' && !NAMED_BADLY.test(line))).toEqual([]);
  });

  test('Prometheus scrapes the server, and evaluates every rule', async () => {
    await expect.poll(() => prometheus.valueOf('octostore_leads'), PATIENT).toBe('1');
    const healthOf = async () => new Set((await prometheus.rules()).map(({ health }) => health));
    await expect.poll(healthOf, PATIENT).toEqual(new Set(['ok']));
    const names = (await prometheus.rules()).map(({ name }) => name);
    const expected = [...alerts.map(({ alert }) => alert), ...recordings.map(({ record }) => record)];
    expect(names.toSorted()).toEqual(expected.toSorted());
  });

  test('an alert begins when its reason does', async () => {
    const stateOf = async (alert: string) =>
      (await prometheus.rules()).find(({ name }) => name === alert)?.state;
    await expect.poll(() => stateOf('OctoStoreLimitNear'), PATIENT).toBe('inactive');
    await fetch(`${server.url}/locks/the-last-one/acquire`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ALICE}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ttl_seconds: 600 }),
    });
    await expect.poll(() => stateOf('OctoStoreLimitNear'), PATIENT).toBe('pending');
  });

  test('Prometheus accepts every expression of the dashboard', async () => {
    for (const { by, expr } of boardQueries.filter(({ expr }) => !expr.startsWith('{'))) {
      const concrete = expr
        .replaceAll('$job', 'octostore')
        .replaceAll('$instance', '.*')
        .replaceAll('$__rate_interval', '1m');
      expect(await prometheus.refusalOf(concrete), by).toBeNull();
    }
  });
});
