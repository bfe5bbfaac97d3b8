import { writeFileSync } from 'node:fs';
import type { BenchOptions } from './options.js';
import { htmlReport, type BenchReport } from './report/html-report.js';
import { describeMachine, thisMachine } from './report/machine.js';
import { ProgressLine } from './report/progress.js';
import { failureCount, type WorkloadReport } from './report/summary.js';
import { textReport } from './report/text-report.js';
import { runWorkload } from './run.js';
import { cleanUpOnSignal } from './signals.js';
import { ownServer, remoteServer, type ServerUnderTest } from './server/server-under-test.js';

/** Loads a server, or one that it starts, and shows the results. Resolves with whether every request succeeded. */
export async function bench(options: BenchOptions): Promise<boolean> {
  cleanUpOnSignal();
  const machine = thisMachine();
  console.log(`${describeMachine(machine)}\n`);
  const server = await serverFor(options);
  try {
    const reports = await runAll(server, options);
    const page: BenchReport = { machine, server: options.url?.href ?? 'started for this run', reports };
    if (options.jsonFile !== null) writeFileSync(options.jsonFile, `${JSON.stringify(page, null, 2)}\n`);
    if (options.htmlFile !== null) writeFileSync(options.htmlFile, htmlReport(page));
    return reports.every((report) => failureCount(report) === 0);
  } finally {
    await server.stop();
  }
}

async function serverFor({ url, token, adminKey }: BenchOptions): Promise<ServerUnderTest> {
  if (url !== null) return remoteServer(url, token ?? '', adminKey);
  console.log('The server and the load generator share this machine. Name another server with --url.\n');
  return ownServer();
}

async function runAll(
  server: ServerUnderTest,
  { workloads, concurrency, duration, warmup, rate }: BenchOptions,
): Promise<WorkloadReport[]> {
  const progress = new ProgressLine();
  const reports: WorkloadReport[] = [];
  for (const workload of workloads) {
    const settings = {
      workload,
      connections: concurrency,
      seconds: duration,
      warmupSeconds: warmup,
      rate,
    };
    const report = await runWorkload(server, settings, (second) => progress.show(workload, duration, second));
    progress.clear();
    console.log(`${textReport(report)}\n`);
    reports.push(report);
  }
  return reports;
}
