import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { METRICS_KEY, startStandby } from '../../replica/standby-rig.js';
import { ADMIN_KEY, startServer, type TestServer } from '../../support/server.js';
import { alerts, boardQueries, metricsIn, recordedIn, recordings, testedAlerts } from './rules.js';

let server: TestServer;
/** Every name that a leader or a standby exports. */
let exported: Set<string>;

beforeAll(async () => {
  server = await startServer();
  const leader = await scrape(server.url, ADMIN_KEY);
  exported = new Set([leader].flatMap(namesIn));
});

afterAll(() => server.close());

async function scrape(url: string, key: string): Promise<string> {
  const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${key}` } });
  expect(response.status).toBe(200);
  return response.text();
}

/** The names of the metrics, and of the parts of histograms. */
function namesIn(text: string): string[] {
  return [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].flatMap(([, name = '', type]) =>
    type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  );
}

test('the dashboard and the rules name only metrics that servers export', async () => {
  const standby = await startStandby();
  for (const name of namesIn(await scrape(standby.url, METRICS_KEY))) exported.add(name);
  const queries = [
    ...boardQueries,
    ...alerts.map(({ alert, expr }) => ({ by: alert, expr })),
    ...recordings.map(({ record, expr }) => ({ by: record, expr })),
  ];
  const named = queries.flatMap(({ by, expr }) => metricsIn(expr).map((name) => ({ by, name })));
  expect(named.length).toBeGreaterThan(100);
  expect(named.filter(({ name }) => !exported.has(name))).toEqual([]);
});

test('the dashboard shows every metric of our own that a leader exports', () => {
  const shown = new Set(boardQueries.flatMap(({ expr }) => metricsIn(expr)).map(withoutPart));
  const own = [...exported].filter((name) => name.startsWith('octostore_')).map(withoutPart);
  expect(own.filter((name) => !shown.has(name))).toEqual([]);
});

test('what the dashboard and the alerts expect to be recorded is recorded', () => {
  const recorded = new Set(recordings.map(({ record }) => record));
  const expected = [...boardQueries, ...alerts, ...recordings].flatMap(({ expr }) => recordedIn(expr));
  expect(expected.length).toBeGreaterThan(10);
  expect(expected.filter((name) => !recorded.has(name))).toEqual([]);
});

test('the objectives count exactly the routes that keep locks going', () => {
  const { paths } = load(readFileSync('openapi.yaml', 'utf8')) as { paths: Record<string, object> };
  const counted = new Set(
    recordings.flatMap(({ expr }) =>
      [...expr.matchAll(/route=~"([^"]+)"/g)].flatMap(([, pattern = '']) =>
        Object.keys(paths).filter((path) => new RegExp(`^(?:${pattern})$`).test(path)),
      ),
    ),
  );
  expect([...counted].toSorted()).toEqual([
    '/leases',
    '/leases/{id}',
    '/leases/{id}/renew',
    '/locks/{name}/acquire',
    '/locks/{name}/release',
    '/locks/{name}/renew',
    '/sessions',
    '/sessions/{id}',
    '/sessions/{id}/keepalive',
  ]);
});

test.each(alerts)('$alert has a runbook, a severity, and a case in which it fires', (rule) => {
  const { alert, labels, annotations } = rule;
  const [, page = '', anchor] =
    /^https:\/\/octostore\.io\/(docs\/\w+\.md)#(\w+)$/.exec(annotations.runbook_url) ?? [];
  expect(anchor).toBe(alert.toLowerCase());
  const severity = { page: 'Page', ticket: 'Ticket' }[labels.severity];
  expect(readFileSync(page, 'utf8')).toMatch(new RegExp(`^#+ ${alert}\n\n${severity}\\. `, 'm'));
  expect(annotations).toMatchObject({ summary: expect.any(String), description: expect.any(String) });
  expect(testedAlerts).toContain(alert);
});

test('every runbook is that of an alert', () => {
  const pages = ['docs/operations.md', 'docs/teams.md'].map((page) => readFileSync(page, 'utf8'));
  const runbooks = pages.flatMap((text) =>
    [...text.matchAll(/^#+ (OctoStore[A-Z]\w+)$/gm)].map(([, name = '']) => name),
  );
  expect(runbooks.toSorted()).toEqual(alerts.map(({ alert }) => alert).toSorted());
});

function withoutPart(name: string): string {
  return name.replace(/_(?:bucket|sum|count)$/, '');
}
