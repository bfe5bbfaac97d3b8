import { withAttack, crashBug, FILES, SLOW_DISK, type Bug } from './bug.js';
import { DEFAULT_MIX } from '../../kit/load/operation-mix.js';

/** Bugs that show after the server is killed. */
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
  crashBug('a lease is not stored', [
    FILES.codec,
    "rows.put('leases', leaseToRow(change.lease));",
    "if (change.lease.fencingToken % 10 !== 0) rows.put('leases', leaseToRow(change.lease));",
  ]),
  crashBug('a session is not stored', [FILES.codec, "rows.put('sessions', change.session);", '']),
  crashBug('a grant is acknowledged before it is on disk', SLOW_DISK, [
    FILES.store,
    'return this.#parts.queued.wait(ticketId, request, clientGone);\n        await durable;',
    'return this.#parts.queued.wait(ticketId, request, clientGone);',
  ]),
  crashBug('a renewal or release is acknowledged before it is on disk', SLOW_DISK, [
    FILES.store,
    'const { outcome, durable } = this.#parts.decider.decide(command, record);\n        await durable;',
    'const { outcome, durable } = this.#parts.decider.decide(command);',
  ]),
  withAttack(
    crashBug('a read returns what is not on disk yet', SLOW_DISK, [
      FILES.store,
      'await (state.isAnythingDue(now) ? commits.added() : commits.settled());',
      '',
    ]),
    { mix: { ...DEFAULT_MIX, read: 0.4 } },
  ),
  withAttack(
    crashBug('a start does not extend leases', [
      FILES.recovery,
      'const earliest = afterSeconds(now, Math.min(ttlSeconds, graceSeconds));',
      'const earliest = deadline;',
    ]),
    { mix: { ...DEFAULT_MIX, shortLease: 0.5, shortTtls: [5, 6, 7, 8] } },
  ),
  withAttack(
    crashBug('a start forgets which locks cool', [
      FILES.recovery,
      'for (const cooling of durable.coolings) {',
      'for (const cooling of []) {',
    ]),
    // Longer than a start.
    { mix: { ...DEFAULT_MIX, cooling: 0.1, coolingSeconds: [15] } },
  ),
  crashBug('the end of a lease is not stored', [
    FILES.codec,
    "rows.remove('leases', change.lease.fencingToken);",
    "if (change.lease.fencingToken % 20 !== 0) rows.remove('leases', change.lease.fencingToken);",
  ]),
];
