import { formatMs } from '../../../src/bench/report/table.js';
import { runWorkload } from '../../../src/bench/run.js';
import { ownServer } from '../../../src/bench/server/server-under-test.js';
import type { Finding, ScaleBenchmark } from './finding.js';

const WAITERS = [10, 100, 1_000, 10_000] as const;
const SECONDS = 5;
/** In the warm-up. All at once would be a stampede, in which new work is refused. */
const JOINING_PER_SECOND = 500;
const BEYOND_COMMIT_MS = 2;

/** From the release of a lock to the next holder's reply, however many wait. */
export const handoff: ScaleBenchmark = {
  name: 'handoff',
  about: 'one lock is passed on among ever more waiters',
  async run(tell) {
    const findings: Finding[] = [];
    for (const waiters of WAITERS) {
      tell(`${waiters} waiters`);
      findings.push(await measure(waiters));
    }
    return findings;
  },
};

async function measure(waiters: number): Promise<Finding> {
  const server = await ownServer();
  try {
    const report = await runWorkload(server, {
      workload: 'contended',
      connections: waiters,
      warmupSeconds: 2 + Math.ceil(waiters / JOINING_PER_SECOND),
      seconds: SECONDS,
      rate: null,
    });
    const passed = report.operations.find(({ operation }) => operation === 'handoff');
    const [p50, p99] = [passed?.p50 ?? Infinity, passed?.p99 ?? Infinity];
    const beyond = p50 - (report.server?.commitP50Ms ?? 0);
    return {
      what: `handoff, ${waiters} waiters`,
      figure: `p50 ${formatMs(p50)} ms, ${formatMs(Math.max(0, beyond))} beyond the commit; p99 ${formatMs(p99)} ms; ${passed?.count ?? 0} handoffs`,
      asked: `p50 below ${BEYOND_COMMIT_MS} ms beyond the commit`,
      holds: beyond < BEYOND_COMMIT_MS,
    };
  } finally {
    await server.stop();
  }
}
