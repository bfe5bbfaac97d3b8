import type { Patch } from './test-build.js';

/** A mistake that somebody could make in the server. */
export interface Bug {
  readonly name: string;
  /** Whether it shows only when the server is killed. */
  readonly needsKill: boolean;
  readonly patches: readonly Patch[];
}

const STEP = 'core/step.js';
const TRANSITION = 'core/transition.js';
const STATE = 'core/state.js';
const RECOVERY = 'core/recovery.js';
const STORE = 'store/lock-store.js';
const JOURNAL = 'store/sqlite/sqlite-journal.js';
const CODEC = 'store/codec.js';
const PRESENTER = 'locks/lock-presenter.js';

const FREE_LOCK = '    if (lease === null)\n        return transition.grant(request);';

/** A disk that takes its time, so that what is told too early is told much too early. */
const SLOW_DISK: Patch = {
  file: JOURNAL,
  find: 'insert.run(parameters, (error) => (error ? reject(error) : resolve()));',
  replace: 'setTimeout(() => insert.run(parameters, (error) => (error ? reject(error) : resolve())), 40);',
};

type Change = readonly [file: string, find: string, replace: string];

/** A bug that shows while the server runs. */
function bug(name: string, ...changes: readonly Change[]): Bug {
  return { name, needsKill: false, patches: changes.map(toPatch) };
}

/** A bug that shows after a kill. */
function crashBug(name: string, ...changes: readonly Change[]): Bug {
  return { name, needsKill: true, patches: changes.map(toPatch) };
}

function toPatch([file, find, replace]: Change): Patch {
  return { file, find, replace };
}

const GRANT_BUGS: readonly Bug[] = [
  bug('a held lock is granted again', [
    STEP,
    FREE_LOCK,
    `    if (lease !== null && lease.fencingToken % 20 === 0) transition.endLease(lease, 'expired');
    if (transition.state.lease(lockName) === null) return transition.grant(request);`,
  ]),
  bug(
    'a free lock is said to be held',
    [
      STEP,
      FREE_LOCK,
      `    const ended = transition.state.ended?.get(lockName);
    if (lease === null && ended !== undefined && ended.fencingToken % 20 === 0) return transition.conflictWith(ended);
${FREE_LOCK}`,
    ],
    [
      TRANSITION,
      "        this.#change({ kind: 'lease_ended', lease });",
      `        this.#change({ kind: 'lease_ended', lease });
        (this.state.ended ??= new Map()).set(lease.lockName, lease);`,
    ],
  ),
  bug('the same lease id is granted twice', [
    STEP,
    "return { kind: 'already_held', lease };",
    `transition.endLease(lease, 'released');
        if (transition.state.lease(lockName) === null) return transition.grant(request);
        return { kind: 'already_held', lease };`,
  ]),
  bug('two processes with one token share a lock', [
    STEP,
    '(!request.leaseIdChosen || request.leaseId === lease.leaseId)',
    'true',
  ]),
  bug('a token is used twice', [
    STATE,
    'this.#lastFencingToken + 1',
    'this.#lastFencingToken + (Math.random() < 0.05 ? 0 : 1)',
  ]),
  bug('tokens sometimes fall', [
    STATE,
    'this.#lastFencingToken + 1',
    'this.#lastFencingToken + (Math.random() < 0.05 ? -3 : 9)',
  ]),
  bug('the quota is not enforced', [
    TRANSITION,
    'if (!this.state.hasFewerLeasesThan(',
    'if (false && !this.state.hasFewerLeasesThan(',
  ]),
  bug('the quota forgets to count down', [
    STATE,
    'deleteFrom(this.#leasesByUser, lease.holder.userId, record);',
    '',
  ]),
];

const LEASE_BUGS: readonly Bug[] = [
  bug('a lease ends half a second early', [
    TRANSITION,
    '!isPast(due.deadline, this.now)',
    '!isPast(due.deadline - 500, this.now)',
  ]),
  bug('a lease outlives its end by half a second', [
    'core/time.js',
    'return now > deadline;',
    'return now > deadline + 500;',
  ]),
  bug('a lease never ends', ['core/time.js', 'return now > deadline;', 'return false;']),
  bug(
    'a lease that has ended is renewed',
    [STEP, '    transition.endOverdueLease(caller.lockName);\n', ''],
    ['store/expiry.job.js', 'const SWEEP_EVERY_MS = 25;', 'const SWEEP_EVERY_MS = 1500;'],
  ),
  bug('a renewal is acknowledged and forgotten', [
    TRANSITION,
    'const lease = { ...held, ttlSeconds, deadline: afterSeconds(this.now, ttlSeconds) };',
    'const lease = { ...held };',
  ]),
  bug('a renewal does not ask whose lease it is', [
    STEP,
    'lease.holder.userId !== caller.userId',
    "(caller.kind !== 'renew' && lease.holder.userId !== caller.userId)",
  ]),
  bug('a release does not ask whose lease it is', [
    STEP,
    'lease.holder.userId !== caller.userId',
    "(caller.kind !== 'release' && lease.holder.userId !== caller.userId)",
  ]),
  bug('a release does not ask for which lease', [
    STEP,
    'lease.leaseId !== caller.leaseId',
    "(caller.kind !== 'release' && lease.leaseId !== caller.leaseId)",
  ]),
  bug('a release is acknowledged and forgotten', [
    STEP,
    "transition.endLease(lease, 'released');",
    "if (lease.fencingToken % 20 !== 0) transition.endLease(lease, 'released');",
  ]),
];

const READ_BUGS: readonly Bug[] = [
  bug('a status is stale', [
    PRESENTER,
    'const lease = state.liveLease(lockName, now);',
    `this.seen ??= new Map();
        const lease = Math.random() < 0.3 && this.seen.has(lockName) ? this.seen.get(lockName) : state.liveLease(lockName, now);
        this.seen.set(lockName, lease);`,
  ]),
  bug('a free lock shows a token that is too low', [
    PRESENTER,
    'fencing_token: state.lastFencingToken,',
    'fencing_token: Math.max(0, state.lastFencingToken - 5),',
  ]),
  bug('strangers see the lease id', [
    PRESENTER,
    'isHolder(lease, viewer) ? lease.leaseId : null',
    'lease.leaseId',
  ]),
];

const QUEUE_BUGS: readonly Bug[] = [
  bug('the last waiter is served first', ['core/waiter.js', 'return this.#first;', 'return this.#last;']),
  bug('a waiter that has gone is granted the lock', [
    STORE,
    "gone?.addEventListener('abort', leave, { once: true });",
    '',
  ]),
  bug(
    'a newcomer comes before the waiters',
    [
      TRANSITION,
      '        this.#passOn(lease.lockName);\n',
      '        (this.state.parked ??= new Set()).add(lease.lockName);\n',
    ],
    [
      TRANSITION,
      '        const due = this.state.earliestDue();',
      `        for (const name of this.state.parked ?? []) if (this.state.lease(name) === null) this.#passOn(name);
        this.state.parked?.clear();
        const due = this.state.earliestDue();`,
    ],
    [
      STATE,
      '        const due = this.earliestDue();',
      '        if (this.parked?.size > 0) return true;\n        const due = this.earliestDue();',
    ],
  ),
];

const SESSION_BUGS: readonly Bug[] = [
  bug(
    'the end of a session does not free its locks',
    [
      TRANSITION,
      '        for (const lease of this.state.leasesOfSession(session.sessionId))\n            this.endLease(lease, how);',
      '',
    ],
    [STATE, 'return session !== null && isAlive(session, now);', 'return true;'],
  ),
  bug('a keepalive is acknowledged and forgotten', [
    STEP,
    'deadline: afterSeconds(transition.now, found.session.ttlSeconds),',
    '',
  ]),
];

const CRASH_BUGS: readonly Bug[] = [
  crashBug('the token counter is not restored', [
    RECOVERY,
    'new State(durable.lastFencingToken,',
    'new State(0,',
  ]),
  crashBug('a start drops the leases', [
    RECOVERY,
    'for (const lease of durable.leases) {',
    'for (const lease of []) {',
  ]),
  crashBug('a start ends leases early', [
    RECOVERY,
    'return Math.min(latest, Math.max(earliest, deadline));',
    'return afterSeconds(now, 0);',
  ]),
  crashBug('a lease is not written down', [
    CODEC,
    "rows.put('leases', leaseToRow(change.lease));",
    "if (change.lease.fencingToken % 10 !== 0) rows.put('leases', leaseToRow(change.lease));",
  ]),
  crashBug('a session is not written down', [CODEC, "rows.put('sessions', change.session);", '']),
  answeredEarly(
    'a grant is acknowledged before it is on disk',
    '        await durable;\n        if (outcome.kind',
    '        if (outcome.kind',
  ),
  answeredEarly(
    'a renewal or release is acknowledged before it is on disk',
    '        await durable;\n        return outcome;',
    '        return outcome;',
  ),
];

function answeredEarly(name: string, find: string, replace: string): Bug {
  return { name, needsKill: true, patches: [SLOW_DISK, { file: STORE, find, replace }] };
}

export const BUGS: readonly Bug[] = [
  ...GRANT_BUGS,
  ...LEASE_BUGS,
  ...READ_BUGS,
  ...QUEUE_BUGS,
  ...SESSION_BUGS,
  ...CRASH_BUGS,
];
