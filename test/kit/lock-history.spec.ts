import { describe, expect, test } from 'vitest';
import { LeaseModel } from '../../lab/kit/history/lease-model.js';
import { findOrder } from '../../lab/kit/history/find-order.js';
import type { LockRequest, DemandRequest, Operation, LockOutcome } from '../../lab/kit/history/operation.js';
import { Outages } from '../../lab/kit/history/outages.js';
import { SessionFacts } from '../../lab/kit/history/session-facts.js';

const TTL_MS = 1000;

const asking = (tag: string, session: SessionFacts | null = null): LockRequest => ({
  kind: 'acquire',
  tag,
  ttlMs: TTL_MS,
  mayWait: false,
  session,
});

const op = (callMs: number, returnMs: number, request: LockRequest, outcome: LockOutcome): Operation => ({
  request,
  outcome,
  callMs,
  returnMs,
});

const granted = (tag: string, token: number, callMs: number, returnMs: number): Operation =>
  op(callMs, returnMs, asking(tag), { kind: 'granted', token });

const readerGranted = (tag: string, token: number, callMs: number, returnMs: number): Operation =>
  op(callMs, returnMs, { ...asking(tag), mode: 'shared' } as LockRequest, { kind: 'granted', token });

const conflict = (tag: string, heldBy: string, callMs: number, returnMs: number): Operation =>
  op(callMs, returnMs, asking(tag), { kind: 'conflict', tag: heldBy });

const released = (tag: string, callMs: number, returnMs: number): Operation =>
  op(callMs, returnMs, { kind: 'release', tag }, { kind: 'released' });

const renewed = (tag: string, token: number, callMs: number, returnMs: number): Operation =>
  op(callMs, returnMs, { kind: 'renew', tag, ttlMs: TTL_MS }, { kind: 'renewed', token });

const gone = (tag: string, callMs: number, returnMs: number): Operation =>
  op(callMs, returnMs, { kind: 'renew', tag, ttlMs: TTL_MS }, { kind: 'gone' });

const seen = (tag: string, token: number, callMs: number, returnMs: number, endMs?: number): Operation => {
  const end = endMs === undefined ? {} : { end: { fromMs: endMs - 5, byMs: endMs + 5 } };
  return op(callMs, returnMs, { kind: 'status' }, { kind: 'held', tag, token, isOwn: false, ...end });
};

const free = (highestToken: number, callMs: number, returnMs: number): Operation =>
  op(callMs, returnMs, { kind: 'status' }, { kind: 'free', highestToken });

const lost = (request: LockRequest, callMs: number, noLaterThanMs = Infinity): Operation =>
  op(callMs, Infinity, request, { kind: 'unknown', noLaterThanMs });

function verdict(operations: Operation[], outages = new Outages(10_000)): string {
  return findOrder(operations, new LeaseModel(outages)).kind;
}

const ended = new SessionFacts('s', 60_000, 0);
ended.endRequested(20);
ended.ended(30);

const restarted = new Outages(10_000);
restarted.add({ firstStartMs: 950, startedMs: 950, readyMs: 980 });

const ORDERED: readonly (readonly [what: string, operations: Operation[], outages?: Outages])[] = [
  ['a grant, a release, a grant', [granted('a', 1, 0, 10), released('a', 20, 30), granted('b', 2, 40, 50)]],
  [
    'a grant and a release that overlap',
    [granted('a', 1, 0, 10), granted('b', 2, 15, 40), released('a', 20, 30)],
  ],
  [
    'a conflict with a lease whose grant is still on its way',
    [conflict('b', 'a', 0, 50), granted('a', 1, 0, 60)],
  ],
  ['a grant after the TTL', [granted('a', 1, 0, 10), granted('b', 2, 990, 1010)]],
  ['a status that meets the lock free after the TTL', [granted('a', 1, 0, 10), free(1, 1000, 1020)]],
  [
    'a lost release that took effect',
    [granted('a', 1, 0, 10), lost({ kind: 'release', tag: 'a' }, 20), granted('b', 2, 30, 40)],
  ],
  [
    'a lost acquire that someone sees',
    [lost(asking('a'), 0), conflict('b', 'a', 10, 20), seen('a', 7, 30, 40)],
  ],
  ['a lost acquire that took no effect', [lost(asking('a'), 0), granted('b', 1, 10, 20)]],
  [
    'a lost renewal that keeps the lease',
    [
      granted('a', 1, 0, 10),
      lost({ kind: 'renew', tag: 'a', ttlMs: TTL_MS }, 500),
      conflict('b', 'a', 1300, 1310),
    ],
  ],
  [
    'the end of a session',
    [
      op(0, 10, asking('a', ended), { kind: 'granted', token: 1 }),
      gone('a', 40, 50),
      granted('b', 2, 60, 70),
    ],
  ],
  ['a restart that gives time to renew', [granted('a', 1, 0, 10), renewed('a', 1, 1500, 1510)], restarted],
  [
    'a restart that gives time to renew to each of several leases, whatever became of the others since',
    [
      readerGranted('a', 1, 0, 10),
      readerGranted('b', 2, 100, 110),
      released('b', 990, 995),
      renewed('a', 1, 1500, 1510),
    ],
    restarted,
  ],
  ['a lease that is said to end after its TTL', [granted('a', 1, 0, 10), seen('a', 1, 20, 30, 1005)]],
  [
    'a lease that is said to end later after a restart',
    [granted('a', 1, 0, 10), seen('a', 1, 20, 30, 1005), seen('a', 1, 990, 995, 1970)],
    restarted,
  ],
];

const IMPOSSIBLE: readonly (readonly [what: string, operations: Operation[], outages?: Outages])[] = [
  ['two holders', [granted('a', 1, 0, 10), granted('b', 2, 20, 30)]],
  ['a token that falls', [granted('a', 2, 0, 10), released('a', 20, 30), granted('b', 1, 40, 50)]],
  ['a token that is used again', [granted('a', 1, 0, 10), released('a', 20, 30), granted('b', 1, 40, 50)]],
  ['a lease that is gone before its time', [granted('a', 1, 0, 10), gone('a', 900, 990)]],
  ['a grant just before the TTL is over', [granted('a', 1, 0, 10), granted('b', 2, 900, 990)]],
  ['a renewal of a lease that is over', [granted('a', 1, 0, 10), renewed('a', 1, 1020, 1030)]],
  [
    'a renewal that does not last',
    [granted('a', 1, 0, 10), renewed('a', 1, 500, 510), granted('b', 2, 1200, 1210)],
  ],
  [
    'a conflict with a lease that was released',
    [granted('a', 1, 0, 10), released('a', 20, 30), conflict('b', 'a', 40, 50)],
  ],
  ['a conflict with a lease that was never granted', [conflict('b', 'a', 0, 10)]],
  ['a release after a release', [granted('a', 1, 0, 10), released('a', 20, 30), released('a', 40, 50)]],
  ['a status that does not know of a grant', [granted('a', 1, 0, 10), free(0, 20, 30)]],
  [
    'a status that shows the holder before',
    [granted('a', 1, 0, 10), released('a', 20, 30), granted('b', 2, 40, 50), seen('a', 1, 60, 70)],
  ],
  [
    'a lost release from before a crash that takes effect after it',
    [
      granted('a', 1, 0, 10),
      lost({ kind: 'release', tag: 'a' }, 20, 30),
      renewed('a', 1, 40, 50),
      granted('b', 2, 60, 70),
    ],
  ],
  ['a grant to a session that is over', [op(40, 50, asking('a', ended), { kind: 'granted', token: 1 })]],
  [
    'a lock that outlives its session',
    [op(0, 10, asking('a', ended), { kind: 'granted', token: 1 }), conflict('b', 'a', 40, 50)],
  ],
  ['a lease that is said to end too early', [granted('a', 1, 0, 10), seen('a', 1, 20, 30, 900)]],
  ['a lease that is said to end too late', [granted('a', 1, 0, 10), seen('a', 1, 20, 30, 1100)]],
  [
    'a lease that is said to have got no time to renew',
    [granted('a', 1, 0, 10), seen('a', 1, 990, 995, 1005)],
    restarted,
  ],
  ['a restart that gives no time to renew', [granted('a', 1, 0, 10), granted('b', 2, 1500, 1510)], restarted],
];

describe('the search for an order', () => {
  for (const [what, operations, outages] of ORDERED) {
    test(`finds one for ${what}`, () => expect(verdict(operations, outages)).toBe('ordered'));
  }

  for (const [what, operations, outages] of IMPOSSIBLE) {
    test(`finds none for ${what}`, () => expect(verdict(operations, outages)).toBe('impossible'));
  }
});

describe('a lock with several holders', () => {
  const wanting = (tag: string, demand: DemandRequest): LockRequest => ({
    kind: 'acquire',
    tag,
    ttlMs: TTL_MS,
    mayWait: false,
    session: null,
    ...demand,
  });
  const shared = (tag: string, token: number, callMs: number): Operation =>
    op(callMs, callMs + 5, wanting(tag, { mode: 'shared' }), { kind: 'granted', token });
  const counted = (tag: string, token: number, callMs: number, slots: number[], limit = 3): Operation =>
    op(callMs, callMs + 5, wanting(tag, { limit, permits: slots.length }), { kind: 'granted', token, slots });

  test.each<[string, Operation[]]>([
    [
      'readers together',
      [shared('a', 1, 0), shared('b', 2, 10), released('a', 20, 30), released('b', 40, 50)],
    ],
    ['different slots', [counted('a', 1, 0, [0, 1]), counted('b', 2, 10, [2]), released('a', 20, 30)]],
    ['a slot that is free again', [counted('a', 1, 0, [0]), released('a', 10, 20), counted('b', 2, 30, [0])]],
  ])('has an order: %s', (_, operations) => {
    expect(verdict(operations)).toBe('ordered');
  });

  test.each<[string, Operation[]]>([
    ['a reader beside a writer', [granted('a', 1, 0, 5), shared('b', 2, 10)]],
    ['a writer beside a reader', [shared('a', 1, 0), granted('b', 2, 10, 15)]],
    ['a slot that is given twice', [counted('a', 1, 0, [0]), counted('b', 2, 10, [0])]],
    ['a slot beyond the limit', [counted('a', 1, 0, [3])]],
    ['another limit', [counted('a', 1, 0, [0]), counted('b', 2, 10, [1], 4)]],
  ])('has none: %s', (_, operations) => {
    expect(verdict(operations)).toBe('impossible');
  });
});

const converted = (tag: string, mode: 'exclusive' | 'shared', token: number, callMs: number): Operation =>
  op(callMs, callMs + 5, { kind: 'convert', tag, mode }, { kind: 'converted', token });

const broken = (tokens: number[], callMs: number): Operation =>
  op(callMs, callMs + 5, { kind: 'break' }, { kind: 'broken', tokens });

describe('a lease that is converted', () => {
  const toShared = lost({ kind: 'convert', tag: 'a', mode: 'shared' }, 20);
  const toExclusive = lost({ kind: 'convert', tag: 'a', mode: 'exclusive' }, 20);

  test.each<[string, Operation[]]>([
    [
      'lets readers in',
      [granted('a', 1, 0, 5), converted('a', 'shared', 1, 20), readerGranted('b', 2, 40, 45)],
    ],
    [
      'keeps readers out, with a new token',
      [
        readerGranted('a', 1, 0, 5),
        converted('a', 'exclusive', 2, 20),
        conflict('b', 'a', 40, 45),
        renewed('a', 2, 50, 55),
      ],
    ],
    [
      'stays as it is',
      [granted('a', 1, 0, 5), converted('a', 'exclusive', 1, 20), granted('b', 2, 1010, 1015)],
    ],
    ['has no answer, and lets readers in', [granted('a', 1, 0, 5), toShared, readerGranted('b', 2, 40, 45)]],
    ['has no answer, and a new token', [readerGranted('a', 1, 0, 5), toExclusive, renewed('a', 7, 40, 45)]],
    ['has no answer, and is as before', [readerGranted('a', 1, 0, 5), toExclusive, renewed('a', 1, 40, 45)]],
  ])('%s', (_, operations) => {
    expect(verdict(operations)).toBe('ordered');
  });

  test.each<[string, Operation[]]>([
    [
      'is exclusive beside another',
      [readerGranted('a', 1, 0, 5), readerGranted('b', 2, 10, 15), converted('a', 'exclusive', 3, 20)],
    ],
    [
      'keeps its token as it becomes exclusive',
      [readerGranted('a', 1, 0, 5), converted('a', 'exclusive', 1, 20)],
    ],
    [
      'gets another token as it becomes shared',
      [granted('a', 1, 0, 5), converted('a', 'shared', 2, 20), renewed('a', 2, 40, 45)],
    ],
    [
      'uses its token from before',
      [readerGranted('a', 1, 0, 5), converted('a', 'exclusive', 2, 20), renewed('a', 1, 40, 45)],
    ],
    [
      'admits a reader though it is exclusive',
      [readerGranted('a', 1, 0, 5), converted('a', 'exclusive', 2, 20), readerGranted('b', 3, 40, 45)],
    ],
    ['is not held', [granted('a', 1, 0, 5), released('a', 10, 15), converted('a', 'shared', 1, 20)]],
  ])('cannot be one that %s', (_, operations) => {
    expect(verdict(operations)).toBe('impossible');
  });
});

describe('a lock that is broken', () => {
  test.each<[string, Operation[]]>([
    ['is free', [granted('a', 1, 0, 5), broken([1], 20), gone('a', 40, 45), granted('b', 2, 50, 55)]],
    [
      'has lost all its readers',
      [
        readerGranted('a', 1, 0, 5),
        readerGranted('b', 2, 10, 15),
        broken([1, 2], 20),
        granted('c', 3, 40, 45),
      ],
    ],
    [
      'had a lease that no answer had shown',
      [lost(asking('a'), 0), broken([1], 20), granted('b', 2, 40, 45)],
    ],
    [
      'may have been broken without an answer',
      [granted('a', 1, 0, 5), lost({ kind: 'break' }, 20), granted('b', 2, 40, 45)],
    ],
    [
      'may not have been broken without an answer',
      [granted('a', 1, 0, 5), lost({ kind: 'break' }, 20), renewed('a', 1, 40, 45)],
    ],
  ])('%s', (_, operations) => {
    expect(verdict(operations)).toBe('ordered');
  });

  test.each<[string, Operation[]]>([
    ['a renewal of its lease', [granted('a', 1, 0, 5), broken([1], 20), renewed('a', 1, 40, 45)]],
    ['a reader who is left', [readerGranted('a', 1, 0, 5), readerGranted('b', 2, 10, 15), broken([2], 20)]],
    ['a lease that was not there', [granted('a', 1, 0, 5), released('a', 10, 15), broken([1], 20)]],
    [
      'nothing to break though it is held',
      [granted('a', 1, 0, 5), op(20, 25, { kind: 'break' }, { kind: 'gone' })],
    ],
  ])('does not have %s', (_, operations) => {
    expect(verdict(operations)).toBe('impossible');
  });
});

describe('a lock that cools', () => {
  const cooling = (
    tag: string,
    token: number,
    lockDelaySeconds: number,
    minHoldSeconds: number,
    callMs = 0,
  ): Operation =>
    op(callMs, callMs + 5, { ...asking(tag), cooling: { lockDelaySeconds, minHoldSeconds } } as LockRequest, {
      kind: 'granted',
      token,
    });
  const delayed = (tag: string, callMs: number, endMs?: number): Operation => {
    const end = endMs === undefined ? {} : { end: { fromMs: endMs - 5, byMs: endMs + 5 } };
    return op(callMs, callMs + 5, asking(tag), { kind: 'delayed', ...end });
  };
  const seenDelayed = (highestToken: number, callMs: number): Operation =>
    op(callMs, callMs + 5, { kind: 'status' }, { kind: 'delayed', highestToken });
  const nothingToBreak = (callMs: number): Operation =>
    op(callMs, callMs + 5, { kind: 'break' }, { kind: 'gone' });
  const closed = new SessionFacts('closed', 60_000, 0);
  closed.endRequested(100);
  closed.ended(110);
  const inSession = (session: SessionFacts, lockDelaySeconds: number, minHoldSeconds: number): Operation =>
    op(
      0,
      5,
      {
        ...asking('a', session),
        ttlMs: 60_000,
        cooling: { lockDelaySeconds, minHoldSeconds },
      } as LockRequest,
      { kind: 'granted', token: 1 },
    );
  const expired = new SessionFacts('expired', 500, 0);

  test.each<[string, Operation[]]>([
    ['after an expiry', [cooling('a', 1, 2, 0), delayed('b', 1010, 3003), granted('b', 2, 3010, 3020)]],
    ['at the last moment', [cooling('a', 1, 2, 0), delayed('b', 3005), granted('b', 2, 2990, 3010)]],
    ['until the minimum', [cooling('a', 1, 0, 1), released('a', 100, 110), seenDelayed(1, 500)]],
    ['not after the minimum', [cooling('a', 1, 9, 1), released('a', 100, 110), granted('b', 2, 1000, 1010)]],
    ['not after a release', [cooling('a', 1, 2, 0), released('a', 100, 110), granted('b', 2, 120, 130)]],
    [
      'from a break',
      [cooling('a', 1, 2, 1), broken([1], 100), delayed('b', 2100), granted('b', 2, 2095, 2110)],
    ],
    ['until a break', [cooling('a', 1, 9, 0), broken([], 1500), granted('b', 2, 1600, 1610)]],
    [
      'until a lost break',
      [cooling('a', 1, 9, 0), lost({ kind: 'break' }, 1500), granted('b', 2, 1600, 1610)],
    ],
    [
      'after a lost acquire',
      [
        lost({ ...asking('a'), cooling: { lockDelaySeconds: 2, minHoldSeconds: 0 } } as LockRequest, 0),
        delayed('b', 1500),
      ],
    ],
    [
      'not after a lease that was shared',
      [cooling('a', 1, 9, 0), converted('a', 'shared', 1, 20), granted('b', 2, 1010, 1020)],
    ],
    [
      'after a lease that was shared for a while',
      [
        cooling('a', 1, 9, 0),
        converted('a', 'shared', 1, 20),
        converted('a', 'exclusive', 2, 40),
        delayed('b', 1500),
      ],
    ],
    [
      'after a session has expired',
      [inSession(expired, 2, 0), delayed('b', 600), granted('b', 2, 2500, 2510)],
    ],
    ['until the minimum after a session was closed', [inSession(closed, 9, 1), granted('b', 2, 1000, 1010)]],
  ])('has an order: %s', (_, operations) => {
    expect(verdict(operations)).toBe('ordered');
  });

  test.each<[string, Operation[]]>([
    ['granted after an expiry', [cooling('a', 1, 2, 0), granted('b', 2, 2900, 2990)]],
    [
      'granted before the minimum',
      [cooling('a', 1, 0, 1), released('a', 100, 110), granted('b', 2, 900, 990)],
    ],
    ['free after an expiry', [cooling('a', 1, 2, 0), free(1, 2900, 2990)]],
    ['granted after a break', [cooling('a', 1, 2, 0), broken([1], 100), granted('b', 2, 2000, 2090)]],
    ['nothing to break', [cooling('a', 1, 9, 0), nothingToBreak(1500)]],
    ['granted after a session has expired', [inSession(expired, 2, 0), granted('b', 2, 2400, 2490)]],
    ['granted after a session was closed', [inSession(closed, 0, 1), granted('b', 2, 900, 990)]],
    ['said to cool without a reason', [granted('a', 1, 0, 5), released('a', 100, 110), delayed('b', 120)]],
    ['said to cool though it is held', [cooling('a', 1, 2, 0), delayed('b', 500)]],
    ['said to cool for too long', [cooling('a', 1, 2, 0), delayed('b', 3010)]],
    ['said to cool until too late', [cooling('a', 1, 2, 0), delayed('b', 1500, 3100)]],
    ['said to cool until too early', [cooling('a', 1, 2, 0), delayed('b', 1500, 2900)]],
    [
      'said to cool after a break that ended it',
      [cooling('a', 1, 9, 0), broken([], 1500), delayed('b', 1600)],
    ],
    ['said to have a token that is too low', [cooling('a', 2, 2, 0), seenDelayed(1, 1500)]],
    ['broken without a reason', [granted('a', 1, 0, 5), released('a', 100, 110), broken([], 120)]],
  ])('cannot be %s', (_, operations) => {
    expect(verdict(operations)).toBe('impossible');
  });
});
