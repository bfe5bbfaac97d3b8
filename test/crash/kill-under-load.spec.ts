import { expect, onTestFinished, test } from 'vitest';
import { checkHistory } from '../../lab/kit/history/check-history.js';
import { logViolations } from '../../lab/kit/history/event-log-check.js';
import { readEventLog } from '../../lab/kit/history/event-log.js';
import { Client } from '../../lab/kit/http/client.js';
import { DEFAULT_MIX } from '../../lab/kit/load/operation-mix.js';
import { killRepeatedly } from '../../lab/kit/load/kills.js';
import { tokenOf } from '../../lab/kit/load/shared-state.js';
import { staticTokens, Workload } from '../../lab/kit/load/workload.js';
import { Random } from '../../lab/kit/random.js';
import { RestartedServer } from '../../lab/kit/server/restarted-server.js';

/** By hand more: CRASH_CYCLES=200. */
const KILLS = Number(process.env['CRASH_CYCLES'] ?? 5);
const CLIENTS = Number(process.env['CRASH_CLIENTS'] ?? 24);
const SEED = Number(process.env['CRASH_SEED'] ?? Date.now());
const GRACE_SECONDS = 10;
const USERS = 8;

/** Some leases end by themselves during a run, and some of them only because a start gives them no time to renew. */
const MIX = { ...DEFAULT_MIX, shortLease: 0.2, shortTtls: [1, 2, 5, 6, 7, 8] };

/** Below this a run shows nothing. */
const OPERATIONS_PER_KILL_MIN = 20;

test(
  `${KILLS} times kill -9 under load lose nothing that was acknowledged`,
  { timeout: KILLS * 60_000 + 60_000 },
  async () => {
    const server = new RestartedServer({
      graceSeconds: GRACE_SECONDS,
      settings: {
        STATIC_TOKENS: staticTokens(USERS),
        MAX_SESSIONS_PER_USER: '100000',
        EVENT_RETENTION: '100000000',
      },
    });
    onTestFinished(() => server.remove());
    const random = new Random(SEED);
    const options = { clients: CLIENTS, users: USERS, locks: 12, operationsPerLock: 600, proxiedOneIn: 0 };
    const workload = await Workload.on(() => server.address, random, { ...options, mix: MIX });
    onTestFinished(() => workload.close());
    await server.start();
    const kills = await killRepeatedly(server, workload, random, { kills: KILLS, seconds: Infinity });

    const { history, violations, unexpected } = workload.shared;
    const events = await readEventLog(new Client(server.url, tokenOf('u0')));
    const { counts, answered, unanswered, grants } = history;
    console.log(JSON.stringify({ seed: SEED, kills, answered, unanswered, ...Object.fromEntries(counts) }));
    expect([...violations, ...unexpected]).toEqual([]);
    expect(checkHistory(history, server.outages)).toMatchObject({ violations: [], undecided: [] });
    expect(logViolations(events, grants)).toEqual([]);
    expect(answered).toBeGreaterThan(KILLS * OPERATIONS_PER_KILL_MIN);
    expect(unanswered).toBeGreaterThanOrEqual(KILLS);
  },
);
