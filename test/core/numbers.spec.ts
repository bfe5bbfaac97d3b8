import { describe, expect, test } from 'vitest';
import { State } from '../../src/core/state/state.js';
import { fencingToken, Law, sequence } from '../support/law.js';

const LAST = 2 ** 53 - 1;

function lawAt(numbers: { readonly lastToken?: number; readonly lastSequence?: number }): Law {
  const { lastToken = 0, lastSequence = 0 } = numbers;
  return new Law({}, new State(fencingToken(lastToken), sequence(lastSequence)));
}

describe('the last fencing token', () => {
  test('is granted, and nothing after it', () => {
    const law = lawAt({ lastToken: LAST - 1 });
    expect(law.grant('a').fencingToken).toBe(LAST);
    const before = law.changes.length;
    expect(law.acquire('b')).toEqual({ kind: 'numbers_exhausted' });
    expect(law.changes).toHaveLength(before);
    expect(law.holding('b')).toBeNull();
  });

  test('does not stand in the way of renewals, releases and expiry', () => {
    const law = lawAt({ lastToken: LAST - 2 });
    const [a, b] = [law.grant('a', { ttl: 10 }), law.grant('b')];
    expect(law.renew(b, 60).outcome.kind).toBe('renewed');
    expect(law.release(b).outcome.kind).toBe('released');
    law.advance(10_001);
    expect(law.sweep().outcome).toEqual({ kind: 'swept', more: false });
    expect(law.events.at(-1)).toMatchObject({ type: 'expired', body: { fencingToken: a.fencingToken } });
  });

  test('sends those who wait away when the lock comes free', () => {
    const law = lawAt({ lastToken: LAST - 1 });
    const lease = law.grant('a');
    const waiter = law.queue('a', { user: 'bob' });
    law.release(lease);
    expect(law.answerTo(waiter)).toEqual({ kind: 'numbers_exhausted' });
    expect(law.state.waiterCount).toBe(0);
  });
});

describe('the last sequences', () => {
  test('are kept for the ends of the leases that there are', () => {
    const law = lawAt({ lastSequence: LAST - 5 });
    const [a, b] = [law.grant('a', { ttl: 10 }), law.grant('b')];
    expect(law.renew(a, 10).outcome.kind).toBe('renewed');
    expect(law.renew(a, 10).outcome).toEqual({ kind: 'numbers_exhausted' });
    expect(law.acquire('c')).toEqual({ kind: 'numbers_exhausted' });
    expect(law.release(b).outcome.kind).toBe('released');
    law.advance(10_001);
    law.sweep();
    expect(law.events.map(({ type, sequence: number }) => [type, LAST - number])).toEqual([
      ['acquired', 4],
      ['acquired', 3],
      ['renewed', 2],
      ['released', 1],
      ['expired', 0],
    ]);
    expect(law.state.leaseCount).toBe(0);
  });

  test('do not stand in the way of sessions', () => {
    const law = lawAt({ lastSequence: LAST });
    law.openSession('s', 'ann', 10);
    expect(law.keepAlive('s').outcome.kind).toBe('session_kept_alive');
    expect(law.closeSession('s').outcome.kind).toBe('session_closed');
  });
});
