import { openSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { ProbeReport } from './probe-report.js';

/**
 * Runs inside the server, before its own code, and does not change it. On SIGUSR2, it collects garbage and writes a report of
 * what is left. With `SOAK_LEAK`, it leaks on purpose, to show that leaks are detected.
 */
const REPORT_FILE = process.env['SOAK_REPORT'] ?? '';
const LEAK_EVERY_MS = 50;
const LEAKED_BYTES = 1024 * 1024;
const A_DAY_MS = 86_400_000;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

process.on('SIGUSR2', () => {
  // The second run collects what the first one made unreachable.
  collectGarbage();
  collectGarbage();
  const { heapUsed, external, rss } = process.memoryUsage();
  const report: ProbeReport = {
    memory: heapUsed + external,
    resident: rss,
    descriptors: readdirSync('/proc/self/fd').length,
    resources: process.getActiveResourcesInfo().length,
  };
  writeFileSync(`${REPORT_FILE}.next`, JSON.stringify(report));
  renameSync(`${REPORT_FILE}.next`, REPORT_FILE);
});

const leaked: unknown[] = [];
if (process.env['SOAK_LEAK'] !== undefined) {
  setInterval(() => {
    leaked.push(
      Buffer.alloc(LEAKED_BYTES, 1),
      openSync('/dev/null', 'r'),
      setTimeout(() => undefined, A_DAY_MS),
    );
  }, LEAK_EVERY_MS).unref();
}
