import { describe, expect, test } from 'vitest';
import type { LockRequest, DemandRequest, Operation } from '../../lab/kit/history/operation.js';
import { Outages } from '../../lab/kit/history/outages.js';
import { SessionFacts } from '../../lab/kit/history/session-facts.js';
import {
  TTL_MS,
  asking,
  op,
  granted,
  readerGranted,
  conflict,
  released,
  renewed,
  gone,
  seen,
  free,
  lost,
  verdict,
  converted,
  broken,
} from './operations.js';

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
  const unanswered = (tag: string, callMs: number): Operation =>
    op(callMs, Infinity, wanting(tag, { mode: 'shared' }), { kind: 'unknown', noLaterThanMs: Infinity });
  const counted = (tag: string, token: number, callMs: number, slots: number[], limit = 3): Operation =>
    op(callMs, callMs + 5, wanting(tag, { limit, permits: slots.length }), { kind: 'granted', token, slots });

  test.each<[string, Operation[]]>([
    [
      'readers together',
      [shared('a', 1, 0), shared('b', 2, 10), released('a', 20, 30), released('b', 40, 50)],
    ],
    ['different slots', [counted('a', 1, 0, [0, 1]), counted('b', 2, 10, [2]), released('a', 20, 30)]],
    [
      'a grant without an answer, whose token is seen after a later one',
      [unanswered('a', 0), shared('b', 5, 10), seen('a', 3, 20, 30)],
    ],
    ['a slot that is free again', [counted('a', 1, 0, [0]), released('a', 10, 20), counted('b', 2, 30, [0])]],
    [
      'a token that is seen after a later one',
      [
        lost(wanting('a', { mode: 'shared' }), 0),
        shared('b', 2, 10),
        released('b', 20, 25),
        seen('a', 1, 30, 35),
      ],
    ],
    [
      'slots that are seen after a later token',
      [
        lost(wanting('a', { limit: 3, permits: 2 }), 0),
        counted('b', 2, 10, [2]),
        released('b', 20, 25),
        op(30, 35, { kind: 'status' }, { kind: 'held', tag: 'a', token: 1, isOwn: false, slots: [0, 1] }),
      ],
    ],
  ])('has an order: %s', (_, operations) => {
    expect(verdict(operations)).toBe('ordered');
  });

  test.each<[string, Operation[]]>([
    ['a reader beside a writer', [granted('a', 1, 0, 5), shared('b', 2, 10)]],
    ['a writer beside a reader', [shared('a', 1, 0), granted('b', 2, 10, 15)]],
    ['a slot that is given twice', [counted('a', 1, 0, [0]), counted('b', 2, 10, [0])]],
    ['a slot beyond the limit', [counted('a', 1, 0, [3])]],
    [
      'a grant without an answer, whose token is lower than an earlier one',
      [shared('b', 5, 0), unanswered('a', 10), seen('a', 3, 20, 30)],
    ],
    [
      'grants without answers, whose tokens are seen in the wrong order',
      [unanswered('a', 0), seen('a', 4, 10, 20), unanswered('b', 30), seen('b', 3, 40, 50)],
    ],
    ['another limit', [counted('a', 1, 0, [0]), counted('b', 2, 10, [1], 4)]],
    [
      'a token below one that was given before',
      [shared('b', 2, 0), lost(wanting('a', { mode: 'shared' }), 10), seen('a', 1, 30, 35)],
    ],
    [
      'tokens that contradict the order of their grants',
      [
        lost(wanting('a', { mode: 'shared' }), 0, 5),
        lost(wanting('b', { mode: 'shared' }), 10),
        seen('a', 3, 30, 35),
        seen('b', 2, 40, 45),
      ],
    ],
  ])('has none: %s', (_, operations) => {
    expect(verdict(operations)).toBe('impossible');
  });
});

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

describe('many unanswered operations do not exhaust the search', () => {
  const renewal = (callMs: number): Operation => lost({ kind: 'renew', tag: 'x', ttlMs: TTL_MS }, callMs);
  const held = [granted('x', 1, 0, 10), renewed('x', 1, 20, 30)];
  const many = Array.from({ length: 60 }, (_, index) => renewal(100 + index));

  test('if they may have had an effect', () => {
    expect(verdict([...held, ...many, conflict('y', 'x', 700, 710), granted('y', 2, 60_000, 60_010)])).toBe(
      'ordered',
    );
  });

  test('if no order explains the answers', () => {
    expect(verdict([...held, ...many, granted('y', 2, 500, 510)])).toBe('impossible');
    expect(verdict([...held, ...many, released('x', 700, 710), conflict('y', 'x', 800, 810)])).toBe(
      'impossible',
    );
  });

  test('if they come to nothing', () => {
    const breaks = Array.from({ length: 60 }, (_, index) => lost({ kind: 'break' }, 100 + index));
    expect(verdict([...held, released('x', 40, 50), ...breaks, conflict('y', 'x', 800, 810)])).toBe(
      'impossible',
    );
  });
});
