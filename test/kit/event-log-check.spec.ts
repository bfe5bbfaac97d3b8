import { describe, expect, test } from 'vitest';
import { logViolations, type LoggedEvent } from '../../lab/kit/history/event-log-check.js';
import type { Grant } from '../../lab/kit/history/history.js';

const grant = (token: number, callMs: number, returnMs: number): Grant => ({
  lockName: 'a',
  leaseId: `lease-${token}`,
  token,
  callMs,
  returnMs,
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

describe('the check of the event log', () => {
  test('accepts a lock that is acquired, renewed and ended in turn', () => {
    const events = [
      logged(1, 'acquired'),
      logged(2, 'renewed', { fencing_token: 1 }),
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
      'a renewal of a lease that does not hold the lock',
      [logged(1, 'acquired'), logged(2, 'renewed', { fencing_token: 7 })],
    ],
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
