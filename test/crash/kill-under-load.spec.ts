import { expect, test } from 'vitest';
import { logViolations } from '../../lab/kit/history/observations.js';
import { Installation } from '../support/process.js';
import { CrashRun } from './crash-run.js';
import { readEventLog } from '../../lab/kit/history/event-log.js';

/** By hand more: CRASH_CYCLES=200. */
const CYCLES = Number(process.env['CRASH_CYCLES'] ?? 5);
const CLIENTS = Number(process.env['CRASH_CLIENTS'] ?? 24);
const GRACE_SECONDS = 10;

/** Below this a run shows nothing. */
const CALLS_PER_CYCLE_MIN = 100;

test(
  `${CYCLES} times kill -9 under load lose nothing that was acknowledged`,
  { timeout: CYCLES * 10_000 + 60_000 },
  async () => {
    const installation = new Installation({
      MAX_LOCKS_PER_USER: '100000',
      MAX_SESSIONS_PER_USER: '100000',
      EVENT_RETENTION: '100000000',
      RESTART_GRACE_SECONDS: String(GRACE_SECONDS),
    });
    const run = new CrashRun({ installation, clients: CLIENTS, graceSeconds: GRACE_SECONDS });
    for (let cycle = 0; cycle < CYCLES; cycle += 1) {
      await run.cycle(200 + Math.random() * 1000, CALLS_PER_CYCLE_MIN);
      expect(run.record.violations).toEqual([]);
    }

    const startedAtWallMs = Date.now();
    const server = await installation.start();
    await run.verify(server, startedAtWallMs);
    run.record.conclude();
    expect(run.record.violations).toEqual([]);
    const events = await readEventLog(server.alice);
    expect(logViolations(events, run.record.grants)).toEqual([]);

    const calls = Object.fromEntries(run.record.acknowledged);
    console.log(
      JSON.stringify({
        cycles: CYCLES,
        clients: CLIENTS,
        cut: run.record.cutCalls,
        events: events.length,
        acknowledged: calls,
      }),
    );
    expect(run.record.acknowledgedCalls).toBeGreaterThan(CYCLES * CALLS_PER_CYCLE_MIN);
    expect(run.record.cutCalls).toBeGreaterThanOrEqual(CYCLES);
  },
);
