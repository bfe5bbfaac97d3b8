import { aimed, crashBug, FILES, SLOW_DISK, type Bug } from './bug.js';
import { USUAL_HABITS } from '../../kit/load/habits.js';

/** Bugs that show when the server is killed. */
export const CRASH_BUGS: readonly Bug[] = [
  crashBug('the token counter is not restored', [
    FILES.recovery,
    'new State(durable.lastFencingToken,',
    'new State(0,',
  ]),
  crashBug('a start drops the leases', [
    FILES.recovery,
    'for (const lease of durable.leases) {',
    'for (const lease of []) {',
  ]),
  crashBug('a start ends leases early', [
    FILES.recovery,
    'return Math.min(latest, Math.max(earliest, deadline));',
    'return afterSeconds(now, 0);',
  ]),
  crashBug('a lease is not written down', [
    FILES.codec,
    "rows.put('leases', leaseToRow(change.lease));",
    "if (change.lease.fencingToken % 10 !== 0) rows.put('leases', leaseToRow(change.lease));",
  ]),
  crashBug('a session is not written down', [FILES.codec, "rows.put('sessions', change.session);", '']),
  crashBug('a grant is acknowledged before it is on disk', SLOW_DISK, [
    FILES.store,
    'return this.#waitInQueue(ticketId, gone);\n        await durable;',
    'return this.#waitInQueue(ticketId, gone);',
  ]),
  crashBug('a renewal or release is acknowledged before it is on disk', SLOW_DISK, [
    FILES.store,
    'const { outcome, durable } = this.#decide(command);\n        await durable;',
    'const { outcome, durable } = this.#decide(command);',
  ]),
  aimed(
    crashBug('a read is answered with what is not on disk yet', SLOW_DISK, [
      FILES.store,
      'await (this.#state.isAnythingDue(now) ? this.#commits.added() : this.#commits.settled());',
      '',
    ]),
    { habits: { ...USUAL_HABITS, look: 0.4 } },
  ),
  aimed(
    crashBug('a start gives no grace', [
      FILES.recovery,
      'const earliest = afterSeconds(now, Math.min(ttlSeconds, graceSeconds));',
      'const earliest = deadline;',
    ]),
    { habits: { ...USUAL_HABITS, shortLease: 0.5, shortTtls: [5, 6, 7, 8] } },
  ),
  crashBug('the end of a lease is not written down', [
    FILES.codec,
    "rows.remove('leases', change.lease.fencingToken);",
    "if (change.lease.fencingToken % 20 !== 0) rows.remove('leases', change.lease.fencingToken);",
  ]),
];
