import type { MetricsRegistry } from '../../metrics/metrics-registry.js';
import { Distribution } from './distribution.js';

/** What the metrics have counted since the server began to lead. */
export interface Totals {
  readonly requests: number;
  readonly overloaded: number;
  readonly rateLimited: number;
  readonly commands: number;
  readonly delivered: number;
  readonly notDelivered: number;
  readonly commandTimes: Distribution;
  readonly commitTimes: Distribution;
}

interface Value {
  readonly value: number;
  readonly labels: Readonly<Partial<Record<string, string | number>>>;
  readonly metricName?: string;
}

/** The routes of commands that never wait for anything but the disk. The labels have no method, so no route here also reads. */
const COMMAND_ROUTES: ReadonlySet<unknown> = new Set([
  '/locks/{name}/renew',
  '/locks/{name}/release',
  '/leases/{id}/renew',
  '/sessions/{id}/keepalive',
  '/fences/{name}/advance',
]);

/**
 * Reads what `/metrics` would show. The requests themselves cost nothing more for it.
 */
export async function readTotals(registry: MetricsRegistry): Promise<Totals> {
  const requests = await valuesOf(registry, 'octostore_http_requests_total');
  const times = await valuesOf(registry, 'octostore_http_request_duration_seconds');
  const commits = await valuesOf(registry, 'octostore_commit_duration_seconds');
  const callers = await valuesOf(registry, 'octostore_commit_callers');
  const calls = await valuesOf(registry, 'octostore_webhook_delivery_duration_seconds');
  const counted = calls.filter(({ metricName = '' }) => metricName.endsWith('_count'));
  return {
    requests: sum(requests),
    overloaded: sum(requests.filter(({ labels }) => labels['code'] === 503)),
    rateLimited: sum(requests.filter(({ labels }) => labels['code'] === 429)),
    commands: sum(callers.filter(({ metricName = '' }) => metricName.endsWith('_sum'))),
    delivered: sum(counted.filter(({ labels }) => labels['outcome'] === 'delivered')),
    notDelivered: sum(counted.filter(({ labels }) => labels['outcome'] !== 'delivered')),
    commandTimes: distributionOf(times.filter(({ labels }) => COMMAND_ROUTES.has(labels['route']))),
    commitTimes: distributionOf(commits),
  };
}

/** Throws if there is no such metric: then the charts would be silently empty. */
async function valuesOf(registry: MetricsRegistry, name: string): Promise<readonly Value[]> {
  const metric = registry.getSingleMetric(name);
  if (metric === undefined) throw new Error(`there is no metric ${name}`);
  return (await metric.get()).values;
}

function sum(values: readonly Value[]): number {
  return values.reduce((total, { value }) => total + value, 0);
}

function distributionOf(values: readonly Value[]): Distribution {
  const counts = new Map<number, number>();
  for (const { metricName = '', labels, value } of values) {
    if (!metricName.endsWith('_bucket')) continue;
    const bound = labels['le'] === '+Inf' ? Infinity : Number(labels['le']);
    counts.set(bound, (counts.get(bound) ?? 0) + value);
  }
  return new Distribution(new Map([...counts].toSorted(([a], [b]) => a - b)));
}
