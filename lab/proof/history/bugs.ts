import { DEFAULT_MIX } from '../../kit/load/operation-mix.js';
import { bug, FILES, withAttack, type Bug } from './bug.js';
import { CRASH_BUGS } from './crash-bugs.js';
import { EVENT_BUGS } from './event-bugs.js';
import { PROOF_BUGS } from './proof-bugs.js';

const OPEN_LOCK = `    if (broken === null && isUntouched(transition, request))
        return grant(transition, request);`;

/** Code that finds a lease of the command's lock by a condition. */
const leaseWhere = (condition: string): string =>
  `((lease) => lease ? { kind: 'found', lease } : { kind: 'lock_not_found' })(transition.state.lock(command.lockName)?.holders.find(({ lease }) => ${condition})?.lease)`;

const GRANT_BUGS: readonly Bug[] = [
  bug('a held lock is granted again', [
    FILES.acquire,
    OPEN_LOCK,
    `    const lock = transition.state.lock(request.wants[0].lockName);
    const held = lock?.line?.askingCount ? null : lock?.holders.find(({ lease }) => lease.fencingToken % 20 === 0);
    if (held) {
        transition.endLease(held.lease, 'expired');
        return grant(transition, request);
    }
${OPEN_LOCK}`,
  ]),
  bug(
    'a free lock is reported as held',
    [
      FILES.acquire,
      OPEN_LOCK,
      `    const [{ lockName }] = request.wants;
    const ended = transition.state.ended?.get(lockName);
    if (transition.state.lock(lockName) === null && ended !== undefined && ended.fencingToken % 20 === 0)
        return {
            kind: 'conflict',
            lockName,
            obstacle: { kind: 'held', lease: ended },
            retryAfterMs: Math.max(0, ended.deadline - transition.now),
            place: null,
        };
${OPEN_LOCK}`,
    ],
    [
      FILES.transition,
      "        this.#change({ kind: 'lease_ended', lease });",
      `        this.#change({ kind: 'lease_ended', lease });
        (this.state.ended ??= new Map()).set(lease.lockName, lease);`,
    ],
  ),
  bug('the same lease id is granted twice', [
    FILES.acquire,
    '    if (repeat !== null)',
    `    if (repeat?.kind === 'already_held') {
        transition.endLease(repeat.lease, 'released');
        return grant(transition, request);
    }
    if (repeat !== null)`,
  ]),
  bug('two processes with one bearer token share a lock', [
    FILES.repeat,
    'request.leaseIdChosen ? repeatById(transition, request) : repeatByHolder(transition, request)',
    'repeatByHolder(transition, request)',
  ]),
  bug('a fencing token is used twice', [
    FILES.numbers,
    'this.#lastFencingToken + 1',
    'this.#lastFencingToken + (Math.random() < 0.05 ? 0 : 1)',
  ]),
  bug('fencing tokens sometimes decrease', [
    FILES.numbers,
    'this.#lastFencingToken + 1',
    'this.#lastFencingToken + (Math.random() < 0.05 ? -3 : 9)',
  ]),
  bug('the quota is not enforced', [FILES.quota, 'state.lockCountOf(userId) + locks > limit &&', 'false &&']),
  bug('the quota is not lowered after a release', [
    FILES.leasesByUser,
    'user.lockCount -= lockCountOf(lease);',
    '',
  ]),
];

const LEASE_BUGS: readonly Bug[] = [
  bug('a lease ends half a second early', [
    FILES.sweep,
    '!isPast(due.deadline, now)',
    '!isPast(due.deadline - 500, now)',
  ]),
  bug('a lease ends half a second late', [
    FILES.time,
    'return now > deadline;',
    'return now > deadline + 500;',
  ]),
  bug('a lease never ends', [FILES.time, 'return now > deadline;', 'return false;']),
  bug(
    'a lease that has ended is renewed',
    [
      FILES.ownership,
      'const lock = currentLock(transition, lockName);',
      'const lock = transition.state.lock(lockName);',
    ],
    [FILES.expiryJob, 'const SWEEP_EVERY_MS = 25;', 'const SWEEP_EVERY_MS = 1500;'],
  ),
  bug('a renewal is acknowledged but not applied', [
    FILES.transition,
    'const lease = { ...held, ttlSeconds, deadline: afterSeconds(this.now, ttlSeconds) };',
    'const lease = { ...held };',
  ]),
  bug('a renewal does not check the holder', [
    FILES.renew,
    'ownLease(transition, command)',
    leaseWhere('lease.leaseId === command.leaseId'),
  ]),
  bug('a release does not check the holder', [
    FILES.release,
    'ownLease(transition, command)',
    leaseWhere('lease.leaseId === command.leaseId'),
  ]),
  bug('a release does not check the lease id', [
    FILES.release,
    'ownLease(transition, command)',
    leaseWhere('lease.holder.userId === command.userId'),
  ]),
  bug('a release is acknowledged but not applied', [
    FILES.release,
    "endLease(transition, found.lease, 'released');",
    "if (found.lease.fencingToken % 20 !== 0) endLease(transition, found.lease, 'released');",
  ]),
];

const READ_BUGS: readonly Bug[] = [
  bug('a status is stale', [
    FILES.presenter,
    'const holders = state.holders(lockName, now, HOLDERS_MAX);',
    `this.seen ??= new Map();
        const holders = Math.random() < 0.3 && this.seen.has(lockName) ? this.seen.get(lockName) : state.holders(lockName, now, HOLDERS_MAX);
        this.seen.set(lockName, holders);`,
  ]),
  bug('a free lock shows a fencing token that is too low', [
    FILES.presenter,
    'fencing_token: state.lastFencingToken,',
    'fencing_token: Math.max(0, state.lastFencingToken - 5),',
  ]),
  bug('other users see the lease id', [
    FILES.presenter,
    'isHolder(lease, viewer) ? lease.leaseId : null',
    'lease.leaseId',
  ]),
];

const QUEUE_BUGS: readonly Bug[] = [
  bug('the last waiter is served first', [
    FILES.state,
    'return this.#lastArrival;',
    'return Number.MAX_SAFE_INTEGER - this.#lastArrival;',
  ]),
  bug('a disconnected waiter is granted the lock', [
    FILES.queuedAcquires,
    "clientGone?.addEventListener('abort', leave, { once: true });",
    '',
  ]),
  bug(
    'a newcomer gets the lock before the waiters',
    [
      FILES.handOver,
      '    handOverNamed(transition, lease.lockName);',
      '    (transition.state.parked ??= new Set()).add(lease.lockName);',
    ],
    [FILES.handOver, 'function handOver(', 'export function handOver('],
    [FILES.fit, '!isAnyoneAsking(lock) && ', ''],
    [
      FILES.sweep,
      "import { endWait } from './leave-line.js';",
      "import { endWait } from './leave-line.js';\nimport { handOver } from './hand-over.js';",
    ],
    [
      FILES.sweep,
      '        const due = state.earliestDue();',
      `        for (const name of state.parked ?? []) {
            const lock = state.lock(name);
            if (lock !== null) handOver(transition, lock);
        }
        state.parked?.clear();
        const due = state.earliestDue();`,
    ],
    [
      FILES.stateReads,
      'return this.hasUnfinished || this.isAnyDeadlinePast(now);',
      'return this.parked?.size > 0 || this.hasUnfinished || this.isAnyDeadlinePast(now);',
    ],
  ),
];

const SESSION_BUGS: readonly Bug[] = [
  bug(
    'the end of a session does not release its locks',
    [
      FILES.endSession,
      `    for (const lease of transition.state.leasesOfSession(sessionId))
        endLease(transition, lease, how);`,
      '',
    ],
    [FILES.stateReads, 'return sessionId === null || this.isSessionAlive(sessionId, now);', 'return true;'],
  ),
  bug('a lease of one session can be used from another', [
    FILES.repeat,
    'request.holder.sessionId === holder.sessionId &&',
    'true &&',
  ]),
  bug('a keepalive is acknowledged but not applied', [
    FILES.keepAlive,
    'const session = { ...found.session, deadline };',
    'const session = { ...found.session };',
  ]),
];

const CONVERT_BUGS: readonly Bug[] = [
  bug('an upgrade keeps its token', [
    FILES.transition,
    'const fencingToken = this.#state.numbers.nextFencingToken();',
    'const { fencingToken } = from;',
  ]),
].map((found) => withAttack(found, { mix: { ...DEFAULT_MIX, convert: 0.3 } }));

const COOLING_BUGS: readonly Bug[] = [
  bug('cooling is forgotten', [
    FILES.handOver,
    'if (coolsUntil !== null)\n        transition.beginCooling(',
    'if (false)\n        transition.beginCooling(',
  ]),
  bug('a release ignores the minimum hold', [
    FILES.cooling,
    'afterSeconds(now, lease.terms.lockDelaySeconds) : lease.terms.keptUntil',
    'afterSeconds(now, lease.terms.lockDelaySeconds) : null',
  ]),
  bug('a lock cools for too long', [
    FILES.transition,
    'cooling: { lockName, userId, fencingToken, until }',
    'cooling: { lockName, userId, fencingToken, until: until + 500 }',
  ]),
].map((found) => withAttack(found, { mix: { ...DEFAULT_MIX, cooling: 0.1 } }));

/** Every bug that the checks must find. */
export const BUGS: readonly Bug[] = [
  ...GRANT_BUGS,
  ...LEASE_BUGS,
  ...READ_BUGS,
  ...QUEUE_BUGS,
  ...SESSION_BUGS,
  ...CRASH_BUGS,
  ...EVENT_BUGS,
  ...CONVERT_BUGS,
  ...COOLING_BUGS,
  ...PROOF_BUGS,
];
