import { describe, expect, test } from 'vitest';
import type { LockRequest, Operation } from '../../lab/kit/history/operation.js';
import { SessionFacts } from '../../lab/kit/history/session-facts.js';
import { asking, op, granted, released, free, lost, verdict, converted, broken } from './operations.js';

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
