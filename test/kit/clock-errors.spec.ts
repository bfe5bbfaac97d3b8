import { describe, expect, test } from 'vitest';
import { checkHistory } from '../../lab/kit/history/check-history.js';
import { History } from '../../lab/kit/history/history.js';
import type { LockRequest, Operation } from '../../lab/kit/history/operation.js';
import { SessionFacts } from '../../lab/kit/history/session-facts.js';
import { TakeOvers } from '../../lab/kit/history/take-overs.js';
import { tokenOrderViolations } from '../../lab/kit/history/token-order.js';
import { asking, broken, granted, gone, op, released, verdict } from './operations.js';

/** Clocks may run 25 % fast: a TTL of 1,000 ms may be over after 800 ms. */
const CLOCKS = { rate: 1.25, aheadMs: 300 };
const GRACE_MS = 10_000;

const running = new TakeOvers(GRACE_MS, CLOCKS);

/** A take-over between 400 and 500 ms. */
function takenOver(timesAhead: number): TakeOvers {
  const takeOvers = new TakeOvers(GRACE_MS, CLOCKS);
  takeOvers.add({ firstStartMs: 400, startedMs: 500, readyMs: 500, timesAhead });
  return takeOvers;
}

const cooling = (lockDelaySeconds: number, minHoldSeconds: number): Operation =>
  op(0, 10, { ...asking('a'), cooling: { lockDelaySeconds, minHoldSeconds } } as LockRequest, {
    kind: 'granted',
    token: 1,
  });

describe('on servers whose clocks may run fast', () => {
  test.each<[string, Operation[], Operation[]]>([
    [
      'a lease ends',
      [granted('a', 1, 0, 10), gone('a', 790, 810)],
      [granted('a', 1, 0, 10), gone('a', 770, 790)],
    ],
    [
      'a lock is granted again',
      [granted('a', 1, 0, 10), granted('b', 2, 790, 810)],
      [granted('a', 1, 0, 10), granted('b', 2, 770, 790)],
    ],
    [
      'a lock stops cooling after an expiry',
      [cooling(1, 0), granted('b', 2, 1590, 1610)],
      [cooling(1, 0), granted('b', 2, 1570, 1590)],
    ],
    [
      'a lock stops cooling after a break',
      [cooling(1, 0), broken([1], 100), granted('b', 2, 890, 910)],
      [cooling(1, 0), broken([1], 100), granted('b', 2, 870, 890)],
    ],
    [
      'a minimum hold is over',
      [cooling(0, 1), released('a', 20, 30), granted('b', 2, 790, 810)],
      [cooling(0, 1), released('a', 20, 30), granted('b', 2, 770, 790)],
    ],
  ])('%s so much earlier, and no more', (_, inTime, tooEarly) => {
    expect(verdict(inTime, running)).toBe('ordered');
    expect(verdict(tooEarly, running)).toBe('impossible');
  });

  test('only a take-over by such a server may end a lease earlier than that', () => {
    const early = [granted('a', 1, 0, 10), gone('a', 490, 510)];
    expect(verdict(early, takenOver(1))).toBe('ordered');
    expect(verdict(early, takenOver(0))).toBe('impossible');
    expect(verdict([granted('a', 1, 0, 10), gone('a', 470, 490)], takenOver(1))).toBe('impossible');
  });

  test('a take-over counts that clients have seen only after the end of the lease', () => {
    const takeOvers = new TakeOvers(GRACE_MS, CLOCKS);
    takeOvers.add({ firstStartMs: 400, startedMs: 1200, readyMs: 1200, timesAhead: 1 });
    expect(verdict([granted('a', 1, 0, 10), gone('a', 490, 510)], takeOvers)).toBe('ordered');
  });

  test('a take-over before the lease does not count', () => {
    const operations = [granted('a', 1, 600, 610), gone('a', 1370, 1390)];
    expect(verdict(operations, takenOver(1))).toBe('impossible');
  });

  test('a session ends so much earlier, and no more', () => {
    const violationsOf = (goneMs: number): readonly string[] => {
      const session = new SessionFacts('s', 1000, 0);
      session.ended(goneMs);
      const history = new History();
      history.sessionGone(session);
      return checkHistory(history, running).violations;
    };
    expect(violationsOf(801)).toEqual([]);
    expect(violationsOf(790)).toEqual(['session s was gone 10.0 ms too early']);
  });

  test('a lock whose session has ended is granted so much earlier', () => {
    const session = new SessionFacts('s', 1000, 0);
    const inSession = op(0, 10, { ...asking('a', session), ttlMs: 60_000 } as LockRequest, {
      kind: 'granted',
      token: 1,
    });
    expect(verdict([inSession, granted('b', 2, 790, 810)], running)).toBe('ordered');
    expect(verdict([inSession, granted('b', 2, 770, 790)], running)).toBe('impossible');
  });

  test('the check of tokens allows for it, too', () => {
    const violationsOf = (returnMs: number): readonly string[] => {
      const history = new History();
      history.answer('lock', asking('a'), { kind: 'granted', token: 1 }, 0, 10);
      history.answer('lock', asking('b'), { kind: 'granted', token: 2 }, returnMs - 20, returnMs);
      return tokenOrderViolations(history, running);
    };
    expect(violationsOf(810)).toEqual([]);
    expect(violationsOf(790)).toEqual(['lock: token 2 was given while token 1 held the lock']);
  });
});
