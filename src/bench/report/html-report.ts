import { linearAxis, logarithmicAxis, ninesAxis } from './axis.js';
import { describeMachine, type Machine } from './machine.js';
import { escapeXml, plot, SERIES_MAX } from './plot.js';
import type { OperationReport, WorkloadReport } from './summary.js';
import { textReport } from './text-report.js';

/** Everything that one run of the benchmark measured. */
export interface BenchReport {
  readonly machine: Machine;
  /** The address of the server, or a description of it. */
  readonly server: string;
  readonly reports: readonly WorkloadReport[];
}

const STYLE = `
  :root { color-scheme: light dark; --text: #1f2933; --muted: #5b6773; --grid: #dde3e9; --page: #fff;
    --s0: #0b6fb8; --s1: #c4480c; --s2: #2f7d32; --s3: #7b3fa0; --s4: #8a6d00; }
  @media (prefers-color-scheme: dark) { :root { --text: #e4e9ee; --muted: #9aa7b3; --grid: #333d47; --page: #14191e;
    --s0: #5cb3f0; --s1: #f58b55; --s2: #79c97c; --s3: #c594e4; --s4: #e0c25a; } }
  body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page); max-width: 1180px;
    margin: 2rem auto; padding: 0 1rem; }
  pre { overflow-x: auto; font-size: 13px; }
  .plots { display: flex; flex-wrap: wrap; gap: 1rem; }
  svg { width: 565px; max-width: 100%; height: auto; }
  svg text { font: 11px system-ui, sans-serif; fill: var(--muted); }
  svg .title { font-size: 13px; font-weight: 600; fill: var(--text); }
  .grid { stroke: var(--grid); fill: none; }
  .line { fill: none; stroke-width: 2; stroke-linejoin: round; }
  .s0 { stroke: var(--s0); } .s1 { stroke: var(--s1); } .s2 { stroke: var(--s2); } .s3 { stroke: var(--s3); } .s4 { stroke: var(--s4); }
`;

/** A page that needs no other file and no other host. */
export function htmlReport({ machine, server, reports }: BenchReport): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>OctoStore benchmark</title>
<style>${STYLE}</style>
<h1>OctoStore benchmark</h1>
<p>${escapeXml(machine.at)}<br>${escapeXml(describeMachine(machine))}<br>Server: ${escapeXml(server)}</p>
${reports.map(section).join('\n')}
</html>
`;
}

function section(report: WorkloadReport): string {
  return `<section>
<h2>${escapeXml(report.workload)}</h2>
<pre>${escapeXml(textReport(report))}</pre>
<div class="plots">
${[latencyPlot(report), throughputPlot(report), latencyOverTime(report)].join('\n')}
</div>
</section>`;
}

function latencyPlot({ operations }: WorkloadReport): string {
  const shown = [...operations].toSorted((a, b) => b.count - a.count).slice(0, SERIES_MAX);
  const points = shown.flatMap(({ curve }) => curve);
  const times = points.map(({ ms }) => ms).filter((ms) => ms > 0);
  return plot({
    title: 'Latency by share of requests',
    x: ninesAxis('share of requests', Math.max(0, ...points.map(({ q }) => q))),
    y: logarithmicAxis('ms', Math.min(1, ...times), Math.max(0.1, ...times)),
    series: shown.map(({ operation, curve }: OperationReport) => ({
      name: operation,
      points: curve.filter(({ ms }) => ms > 0).map(({ q, ms }) => ({ x: q, y: ms })),
    })),
  });
}

function throughputPlot({ timeline }: WorkloadReport): string {
  const answered = timeline.map(({ second, count }) => ({ x: second + 1, y: count }));
  const failed = timeline.map(({ second, failures }) => ({ x: second + 1, y: failures }));
  return plot({
    title: 'Answers',
    x: linearAxis('seconds', timeline.length),
    y: linearAxis('per second', Math.max(1, ...answered.map(({ y }) => y))),
    series: failed.some(({ y }) => y > 0)
      ? [
          { name: 'succeeded', points: answered },
          { name: 'failed', points: failed },
        ]
      : [{ name: 'succeeded', points: answered }],
  });
}

function latencyOverTime({ timeline }: WorkloadReport): string {
  const measured = timeline.filter(({ count }) => count > 0);
  const series = (['p50', 'p99', 'max'] as const).map((name) => ({
    name,
    points: measured.map((second) => ({ x: second.second + 1, y: second[name] })),
  }));
  const times = series.flatMap(({ points }) => points.map(({ y }) => y));
  return plot({
    title: 'Latency over time',
    x: linearAxis('seconds', timeline.length),
    y: logarithmicAxis('ms', Math.min(1, ...times), Math.max(0.1, ...times)),
    series,
  });
}
