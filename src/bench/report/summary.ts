import { Latencies, type LatencySummary, type QuantilePoint } from '../load/latency.js';
import type { LoadResult, LoadTask, OperationResult, Second } from '../load/load.js';
import type { ServerWork } from '../server/metrics.js';

/** The report on one kind of request. */
export interface OperationReport extends LatencySummary {
  readonly operation: string;
  readonly perSecond: number;
  readonly failures: Readonly<Record<string, number>>;
  readonly curve: readonly QuantilePoint[];
}

/** The report on one workload. All times are in milliseconds. */
export interface WorkloadReport {
  readonly workload: string;
  readonly connections: number;
  readonly seconds: number;
  readonly rate: number | null;
  readonly operations: readonly OperationReport[];
  /** All requests together. */
  readonly all: OperationReport;
  readonly timeline: readonly Second[];
  readonly notSent: number;
  readonly lateness: LatencySummary | null;
  readonly generatorCpu: number;
  /** Null if the server's metrics are not available. */
  readonly server: ServerWork | null;
}

/** Measurements that are not requests, so they do not count as requests. */
const NOT_REQUESTS = new Set(['handoff']);

export function summarize(
  { workload, connections, seconds, rate }: Omit<LoadTask, 'target'>,
  result: LoadResult,
  server: ServerWork | null,
): WorkloadReport {
  const requests = result.operations.filter(({ operation }) => !NOT_REQUESTS.has(operation));
  return {
    workload,
    connections,
    seconds,
    rate,
    operations: result.operations.map((operation) =>
      report(operation, Latencies.decode(operation.latencies)),
    ),
    all: allOf(requests),
    timeline: result.timeline,
    notSent: result.notSent,
    lateness: result.lateness,
    generatorCpu: result.generatorCpu,
    server,
  };
}

/** How many requests failed, including those that were never sent. */
export function failureCount({ all, notSent }: WorkloadReport): number {
  return Object.values(all.failures).reduce((sum, count) => sum + count, notSent);
}

function allOf(operations: readonly OperationResult[]): OperationReport {
  const failures: Record<string, number> = {};
  for (const operation of operations)
    for (const [why, count] of Object.entries(operation.failures))
      failures[why] = (failures[why] ?? 0) + count;
  const perSecond = operations.reduce((sum, operation) => sum + operation.perSecond, 0);
  const latencies = Latencies.merge(operations.map((operation) => Latencies.decode(operation.latencies)));
  return report({ operation: 'all requests', perSecond, failures }, latencies);
}

function report(
  { operation, perSecond, failures }: Omit<OperationResult, 'latencies'>,
  latencies: Latencies,
): OperationReport {
  return { operation, perSecond, failures, ...latencies.summary, curve: latencies.curve };
}
