import { describe, expect, test } from 'vitest';
import {
  holderViolations,
  logViolations,
  tokenViolations,
  type Grant,
  type Holding,
  type LoggedEvent,
} from '../../lab/kit/history/observations.js';

const grant = (token: number, callMs: number, returnMs: number, leaseId = `lease-${token}`): Grant => ({
  lockName: 'a',
  leaseId,
  token,
  callMs,
  returnMs,
});

const holding = (leaseId: string, fromMs: number, untilMs: number, lockName = 'a'): Holding => ({
  lockName,
  leaseId,
  fromMs,
  untilMs,
});

const SECOND = '2026-11-20T12:00:0';

const logged = (sequence: number, event: string, rest: Partial<LoggedEvent> = {}): LoggedEvent => ({
  sequence,
  event,
  lock: 'a',
  fencing_token: event === 'acquired' || event === 'renewed' ? sequence : null,
  timestamp: `${SECOND}${sequence}.000Z`,
  expires_at: `${SECOND}9.000Z`,
  ...rest,
});

describe('the look at tokens', () => {
  test('accepts tokens that grow, and any order of grants that overlap in time', () => {
    expect(tokenViolations([grant(1, 0, 5), grant(3, 6, 9), grant(2, 4, 8)])).toEqual([]);
  });

  test('finds a later grant with a lower token', () => {
    expect(tokenViolations([grant(2, 0, 5), grant(1, 6, 9)])).toHaveLength(1);
  });

  test('finds a token that is given twice', () => {
    expect(tokenViolations([grant(1, 0, 5, 'x'), grant(1, 2, 6, 'y')])).toHaveLength(1);
  });
});

describe('the look at holders', () => {
  test('accepts one after the other, and two locks at a time', () => {
    expect(holderViolations([holding('x', 0, 5), holding('y', 5, 9), holding('z', 0, 9, 'b')])).toEqual([]);
  });

  test('finds two at a time, also when a short one comes between', () => {
    expect(holderViolations([holding('x', 0, 9), holding('y', 8, 12)])).toHaveLength(1);
    expect(holderViolations([holding('x', 0, 9), holding('y', 2, 3), holding('z', 5, 6)])).toHaveLength(2);
  });
});

describe('the look at the event log', () => {
  test('accepts a lock that is acquired, renewed and ended in turn', () => {
    const events = [
      logged(1, 'acquired'),
      logged(2, 'renewed'),
      logged(3, 'released'),
      logged(4, 'acquired'),
    ];
    expect(logViolations(events, [grant(1, 0, 1), grant(4, 2, 3)])).toEqual([]);
  });

  test.each([
    ['a gap', [logged(1, 'acquired'), logged(3, 'released')]],
    ['a lock that is acquired twice', [logged(1, 'acquired'), logged(2, 'acquired')]],
    ['the end of a free lock', [logged(1, 'released')]],
    [
      'a token that falls',
      [logged(1, 'acquired', { fencing_token: 9 }), logged(2, 'acquired', { lock: 'b' })],
    ],
    ['an early end', [logged(1, 'acquired'), logged(2, 'expired')]],
  ])('finds %s', (_, events) => {
    expect(logViolations(events, [])).toHaveLength(1);
  });

  test('finds that an acknowledged grant is missing', () => {
    expect(logViolations([logged(1, 'acquired')], [grant(2, 0, 1)])).toHaveLength(1);
  });
});
