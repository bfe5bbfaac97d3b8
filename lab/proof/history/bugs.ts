import { bug, FILES, type Bug } from './bug.js';
import { CRASH_BUGS } from './crash-bugs.js';
import { EVENT_BUGS } from './event-bugs.js';

const FREE_LOCK = '    if (lease === null)\n        return transition.grant(request);';

const GRANT_BUGS: readonly Bug[] = [
  bug('a held lock is granted again', [
    FILES.step,
    FREE_LOCK,
    `    if (lease !== null && lease.fencingToken % 20 === 0) transition.endLease(lease, 'expired');
    if (transition.state.lease(lockName) === null) return transition.grant(request);`,
  ]),
  bug(
    'a free lock is said to be held',
    [
      FILES.step,
      FREE_LOCK,
      `    const ended = transition.state.ended?.get(lockName);
    if (lease === null && ended !== undefined && ended.fencingToken % 20 === 0) return transition.conflictWith(ended);
${FREE_LOCK}`,
    ],
    [
      FILES.transition,
      "        this.#change({ kind: 'lease_ended', lease });",
      `        this.#change({ kind: 'lease_ended', lease });
        (this.state.ended ??= new Map()).set(lease.lockName, lease);`,
    ],
  ),
  bug('the same lease id is granted twice', [
    FILES.step,
    "return { kind: 'already_held', lease };",
    `transition.endLease(lease, 'released');
        if (transition.state.lease(lockName) === null) return transition.grant(request);
        return { kind: 'already_held', lease };`,
  ]),
  bug('two processes with one token share a lock', [
    FILES.step,
    '(!request.leaseIdChosen || request.leaseId === lease.leaseId)',
    'true',
  ]),
  bug('a token is used twice', [
    FILES.state,
    'this.#lastFencingToken + 1',
    'this.#lastFencingToken + (Math.random() < 0.05 ? 0 : 1)',
  ]),
  bug('tokens sometimes fall', [
    FILES.state,
    'this.#lastFencingToken + 1',
    'this.#lastFencingToken + (Math.random() < 0.05 ? -3 : 9)',
  ]),
  bug('the quota is not enforced', [
    FILES.transition,
    'if (!this.state.hasFewerLeasesThan(',
    'if (false && !this.state.hasFewerLeasesThan(',
  ]),
  bug('the quota forgets to count down', [
    FILES.state,
    'deleteFrom(this.#leasesByUser, lease.holder.userId, record);',
    '',
  ]),
];

const LEASE_BUGS: readonly Bug[] = [
  bug('a lease ends half a second early', [
    FILES.transition,
    '!isPast(due.deadline, this.now)',
    '!isPast(due.deadline - 500, this.now)',
  ]),
  bug('a lease outlives its end by half a second', [
    FILES.time,
    'return now > deadline;',
    'return now > deadline + 500;',
  ]),
  bug('a lease never ends', [FILES.time, 'return now > deadline;', 'return false;']),
  bug(
    'a lease that has ended is renewed',
    [FILES.step, '    transition.endOverdueLease(caller.lockName);\n', ''],
    [FILES.sweep, 'const SWEEP_EVERY_MS = 25;', 'const SWEEP_EVERY_MS = 1500;'],
  ),
  bug('a renewal is acknowledged and forgotten', [
    FILES.transition,
    'const lease = { ...held, ttlSeconds, deadline: afterSeconds(this.now, ttlSeconds) };',
    'const lease = { ...held };',
  ]),
  bug('a renewal does not ask whose lease it is', [
    FILES.step,
    'lease.holder.userId !== caller.userId',
    "(caller.kind !== 'renew' && lease.holder.userId !== caller.userId)",
  ]),
  bug('a release does not ask whose lease it is', [
    FILES.step,
    'lease.holder.userId !== caller.userId',
    "(caller.kind !== 'release' && lease.holder.userId !== caller.userId)",
  ]),
  bug('a release does not ask for which lease', [
    FILES.step,
    'lease.leaseId !== caller.leaseId',
    "(caller.kind !== 'release' && lease.leaseId !== caller.leaseId)",
  ]),
  bug('a release is acknowledged and forgotten', [
    FILES.step,
    "transition.endLease(lease, 'released');",
    "if (lease.fencingToken % 20 !== 0) transition.endLease(lease, 'released');",
  ]),
];

const READ_BUGS: readonly Bug[] = [
  bug('a status is stale', [
    FILES.presenter,
    'const lease = state.liveLease(lockName, now);',
    `this.seen ??= new Map();
        const lease = Math.random() < 0.3 && this.seen.has(lockName) ? this.seen.get(lockName) : state.liveLease(lockName, now);
        this.seen.set(lockName, lease);`,
  ]),
  bug('a free lock shows a token that is too low', [
    FILES.presenter,
    'fencing_token: state.lastFencingToken,',
    'fencing_token: Math.max(0, state.lastFencingToken - 5),',
  ]),
  bug('strangers see the lease id', [
    FILES.presenter,
    'isHolder(lease, viewer) ? lease.leaseId : null',
    'lease.leaseId',
  ]),
];

const QUEUE_BUGS: readonly Bug[] = [
  bug('the last waiter is served first', [FILES.waiter, 'return this.#first;', 'return this.#last;']),
  bug('a waiter that has gone is granted the lock', [
    FILES.store,
    "gone?.addEventListener('abort', leave, { once: true });",
    '',
  ]),
  bug(
    'a newcomer comes before the waiters',
    [
      FILES.transition,
      '        this.#passOn(lease.lockName);\n',
      '        (this.state.parked ??= new Set()).add(lease.lockName);\n',
    ],
    [
      FILES.transition,
      '        const due = this.state.earliestDue();',
      `        for (const name of this.state.parked ?? []) if (this.state.lease(name) === null) this.#passOn(name);
        this.state.parked?.clear();
        const due = this.state.earliestDue();`,
    ],
    [
      FILES.state,
      '        const due = this.earliestDue();',
      '        if (this.parked?.size > 0) return true;\n        const due = this.earliestDue();',
    ],
  ),
];

const SESSION_BUGS: readonly Bug[] = [
  bug(
    'the end of a session does not free its locks',
    [
      FILES.transition,
      '        for (const lease of this.state.leasesOfSession(session.sessionId))\n            this.endLease(lease, how);',
      '',
    ],
    [FILES.state, 'return session !== null && isAlive(session, now);', 'return true;'],
  ),
  bug('a lease of one session can be used from another', [
    FILES.step,
    'isSameHolder(lease.holder, holder)',
    'lease.holder.userId === holder.userId',
  ]),
  bug('a keepalive is acknowledged and forgotten', [
    FILES.step,
    'deadline: afterSeconds(transition.now, found.session.ttlSeconds),',
    '',
  ]),
];

/** Every bug that the checks must notice. */
export const BUGS: readonly Bug[] = [
  ...GRANT_BUGS,
  ...LEASE_BUGS,
  ...READ_BUGS,
  ...QUEUE_BUGS,
  ...SESSION_BUGS,
  ...CRASH_BUGS,
  ...EVENT_BUGS,
];
