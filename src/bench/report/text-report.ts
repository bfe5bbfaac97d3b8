import type { ServerWork } from '../server/metrics.js';
import { failureCount, type OperationReport, type WorkloadReport } from './summary.js';
import { formatCount, formatMs, table } from './table.js';

const HEAD = ['', 'per second', 'p50 ms', 'p90 ms', 'p99 ms', 'p99.9 ms', 'max ms', 'failed'];

/** The results of one workload, for people. */
export function textReport(report: WorkloadReport): string {
  const { operations, all } = report;
  const rows = operations.length === 1 ? operations : [...operations, all];
  return [
    `${report.workload}: ${report.connections} connections, ${report.seconds} s, ${
      report.rate === null
        ? 'each connection as fast as it is answered'
        : `${formatCount(report.rate)} requests per second`
    }`,
    indent(table(HEAD, rows.map(rowOf))),
    ...failureLines(report),
    ...(report.lateness === null
      ? []
      : [
          `  sent late by the generator itself: p50 ${formatMs(report.lateness.p50)} ms, p99 ${formatMs(report.lateness.p99)} ms`,
        ]),
    ...(report.server === null ? [] : [serverLine(report.server, report.seconds)]),
    `  load generator: ${percent(report.generatorCpu)} of a core`,
  ].join('\n');
}

function rowOf(report: OperationReport): string[] {
  const failed = Object.values(report.failures).reduce((sum, count) => sum + count, 0);
  return [
    report.operation,
    formatCount(report.perSecond),
    ...[report.p50, report.p90, report.p99, report.p999, report.max].map(formatMs),
    formatCount(failed),
  ];
}

function failureLines(report: WorkloadReport): string[] {
  if (failureCount(report) === 0) return [];
  const lines = Object.entries(report.all.failures).map(
    ([why, count]) => `  FAILED ${formatCount(count)} times: ${why}`,
  );
  if (report.notSent > 0)
    lines.push(
      `  NOT SENT ${formatCount(report.notSent)} requests: every connection was waiting for an answer`,
    );
  return lines;
}

function serverLine(work: ServerWork, seconds: number): string {
  const { commits, commitMeanMs, commitP50Ms, commitP99Ms, callersPerCommit, cpuSeconds, residentBytes } =
    work;
  const durable =
    commits === 0
      ? 'no commits'
      : `${formatCount(commits / seconds)} commits/s, ${callersPerCommit.toFixed(1)} callers each, mean ` +
        `${formatMs(commitMeanMs)} ms, p50 ~${formatMs(commitP50Ms)}, p99 ~${formatMs(commitP99Ms)}`;
  return `  server: ${durable}; ${percent(cpuSeconds / seconds)} of a core, ${formatCount(residentBytes / 1024 / 1024)} MiB`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ');
}
