import { formatMs } from '../../../src/bench/report/table.js';
import { runWorkload } from '../../../src/bench/run.js';
import { ownServer } from '../../../src/bench/server/server-under-test.js';
import type { Measurement, ScaleBenchmark } from './measurement.js';

const WAITERS = [10, 100, 1_000, 10_000] as const;
const SECONDS = 5;
/** During the warm-up. If all joined at once, the server would shed them. */
const JOINING_PER_SECOND = 500;
const BEYOND_COMMIT_MS = 2;

/** The time from the release of a lock to the next holder's reply, whatever the number of waiters. */
export const handoff: ScaleBenchmark = {
  name: 'handoff',
  about: 'one lock is handed over among a growing number of waiters',
  async run(reportProgress) {
    const measurements: Measurement[] = [];
    for (const waiters of WAITERS) {
      reportProgress(`${waiters} waiters`);
      measurements.push(await measure(waiters));
    }
    return measurements;
  },
};

async function measure(waiters: number): Promise<Measurement> {
  const server = await ownServer();
  try {
    const report = await runWorkload(server, {
      workload: 'contended',
      connections: waiters,
      warmupSeconds: 2 + Math.ceil(waiters / JOINING_PER_SECOND),
      seconds: SECONDS,
      rate: null,
    });
    const handoffs = report.operations.find(({ operation }) => operation === 'handoff');
    const [p50, p99] = [handoffs?.p50 ?? Infinity, handoffs?.p99 ?? Infinity];
    const beyond = p50 - (report.server?.commitP50Ms ?? 0);
    return {
      name: `handoff, ${waiters} waiters`,
      figure: `p50 ${formatMs(p50)} ms, ${formatMs(Math.max(0, beyond))} beyond the commit; p99 ${formatMs(p99)} ms; ${handoffs?.count ?? 0} handoffs`,
      target: `p50 below ${BEYOND_COMMIT_MS} ms beyond the commit`,
      isMet: beyond < BEYOND_COMMIT_MS,
    };
  } finally {
    await server.stop();
  }
}
