import { bug, type Bug } from './bug.js';

const ACQUIRING = 'src/acquiring.js';
const ANSWERS = 'src/answers.js';
const HELD_LEASE = 'src/held-lease.js';
const INTERVENTIONS = 'src/interventions.js';
const LEASE_ROUTES = 'src/lease-routes.js';

/** Bugs that show with shared and counted locks, several locks under one lease, fences, proofs and lines. */
export const KINDS_OF_LOCKS_BUGS: readonly Bug[] = [
  bug(
    'the mode is not sent',
    LEASE_ROUTES,
    '{ ...body, mode, limit, permits })',
    '{ ...body, limit, permits })',
    ['shared-side-by-side', 'shared-behind-a-writer', 'convert-to-shared', 'convert-to-exclusive', 'fence'],
  ),
  bug(
    'the permits are not sent',
    LEASE_ROUTES,
    '{ ...body, mode, limit, permits })',
    '{ ...body, mode, limit })',
    ['counted-lock'],
  ),
  bug(
    'the demands for several locks are not sent',
    LEASE_ROUTES,
    'return { name, mode, limit, permits };',
    'return { name };',
    ['hold-all', 'acquire-all', 'convert-one-of-several', 'proof-of-several'],
  ),
  bug(
    'several locks are asked for in another order',
    LEASE_ROUTES,
    'locks: wanted }',
    'locks: wanted.toReversed() }',
    ['hold-all'],
  ),
  bug('several locks are not renewed', LEASE_ROUTES, '/renew`', '`', [
    'hold-all-is-kept',
    'release-requested-of-several',
  ]),
  bug('several locks are not released', LEASE_ROUTES, "method: 'DELETE'", "method: 'GET'", ['hold-all']),
  bug(
    'an acquire of several locks has a lease id for each attempt',
    LEASE_ROUTES,
    '{ ...body, locks: wanted }',
    '{ ...body, lease_id: crypto.randomUUID(), locks: wanted }',
    ['acquire-all'],
  ),
  bug(
    'an acquire of several locks does not wait',
    LEASE_ROUTES,
    '{ ...body, locks: wanted }',
    '{ ...body, wait_seconds: 0, locks: wanted }',
    ['hold-all-waits'],
  ),
  bug('the held error does not say which lock', ANSWERS, 'lock: name,', 'lock: undefined,', [
    'hold-all-or-none',
    'convert-to-exclusive',
  ]),
  bug('a lock that is kept for others is not the held error', ANSWERS, "'lock_queued', ", '', [
    'shared-behind-a-writer',
  ]),
  bug('a lock that is delayed is not the held error', ANSWERS, "'lock_delayed', ", '', [
    'lock-delay',
    'minimum-hold',
  ]),
  bug('another limit is not the held error', ANSWERS, ", 'limit_mismatch'", '', [
    'counted-lock-with-another-limit',
  ]),
  bug('the held error has no limit', ANSWERS, "limit: body.optionalNumber('limit')", 'limit: undefined', [
    'counted-lock-with-another-limit',
  ]),
  bug(
    'the held error has no place in line',
    ANSWERS,
    "position: body.optionalNumber('position')",
    'position: undefined',
    ['queue'],
  ),
  bug('a stale token is not the stale error', ANSWERS, "code === 'stale_fencing_token'", 'false', ['fence']),
  bug(
    'a converted lock keeps its fencing token',
    HELD_LEASE,
    'this.#fencingToken = lease.fencingToken;\n    }\n}',
    '}\n}',
    ['convert-to-exclusive', 'convert-one-of-several'],
  ),
  bug(
    'a converted lock keeps its mode',
    HELD_LEASE,
    '#adopt(lease) {\n        this.#locks = locksOf(lease);',
    '#adopt(lease) {',
    ['convert-to-shared', 'convert-to-exclusive'],
  ),
  bug(
    'a conversion is for the first lock',
    HELD_LEASE,
    'convert(name, this.leaseId',
    'convert(this.#locks[0].name, this.leaseId',
    ['convert-one-of-several'],
  ),
  bug('a refused conversion loses the lock', HELD_LEASE, 'if (error instanceof NotFoundError)', 'if (true)', [
    'convert-to-exclusive',
    'convert-a-counted-lock',
  ]),
  bug(
    'a conversion does not notice a loss',
    HELD_LEASE,
    'if (error instanceof NotFoundError)',
    'if (false)',
    ['convert-what-is-lost'],
  ),
  bug(
    'the loss of a broken lock does not say why',
    'src/loss.js',
    'if (cause instanceof LeaseBrokenError)',
    'if (false)',
    ['break-loses-the-lock'],
  ),
  bug(
    'a break is repeated',
    INTERVENTIONS,
    'read: readBreak, isSafe: false',
    'read: readBreak, isSafe: true',
    ['break-is-not-repeated'],
  ),
  bug(
    'a break of nothing succeeds',
    INTERVENTIONS,
    'isSafe: false });',
    'isSafe: false }).catch(() => ({}));',
    ['break-refused'],
  ),
  bug(
    'a request for a release is not repeated',
    INTERVENTIONS,
    'read: readStatus, isSafe: true',
    'read: readStatus, isSafe: false',
    ['release-requested-of-several'],
  ),
  bug('the message of a request for a release is not sent', INTERVENTIONS, '{ message }, {', '{}, {', [
    'release-requested',
    'release-requested-of-several',
  ]),
  bug(
    'each renewal tells of the same request for a release',
    'src/release-notices.js',
    'request === null || isSame(request, this.#known)',
    'request === null',
    ['release-requested'],
  ),
  bug('advancing a fence is not repeated', 'src/fence-api.js', 'isSafe: true', 'isSafe: false', [
    'fence-lost-answer',
  ]),
  bug('a check advances the fence', 'src/fence-api.js', "'check'", "'advance'", ['fence']),
  bug(
    'a proof is not asked for',
    'src/lease-keeping.js',
    'return proof === true ? { proof } : {};',
    'return {};',
    ['proof', 'proof-of-several'],
  ),
  bug('a renewal leaves the proof as it was', HELD_LEASE, 'this.#proof = renewal.value.proof;', '', [
    'proof',
  ]),
  bug('leaving a line does nothing', 'src/lock-api.js', "method: 'DELETE'", "method: 'GET'", ['queue']),
  bug(
    'a lock delay is not sent',
    ACQUIRING,
    'lock_delay_seconds: options.lockDelaySeconds',
    'lock_delay_seconds: undefined',
    ['lock-delay'],
  ),
  bug(
    'a minimum hold is not sent',
    ACQUIRING,
    'min_hold_seconds: options.minHoldSeconds',
    'min_hold_seconds: undefined',
    ['minimum-hold'],
  ),
];
