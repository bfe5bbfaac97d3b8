import { describe, expect, test } from 'vitest';
import type { Change } from '../../src/core/model/change.js';
import type { Lease } from '../../src/core/model/lease.js';
import type { Instant } from '../../src/core/model/time.js';
import { Numbers } from '../../src/core/state/numbers.js';
import { RememberedSessions } from '../../src/core/state/remembered-sessions.js';
import { State } from '../../src/core/state/state.js';
import { fencingToken, Law, lock, sequence, user } from '../support/law.js';

const LAST = 2 ** 53 - 1;

/** A state in which a lock has several leases, in the order of their grants. */
function severalLeases(...tokens: readonly number[]): { state: State; leases: Lease[]; now: Instant } {
  const state = new State();
  const leases = tokens.map((token) =>
    new Law({}, new State(fencingToken(token - 1))).grant('a', { mode: 'shared' }),
  );
  for (const lease of leases) state.apply({ kind: 'lease_granted', lease });
  return { state, leases, now: new Law().now };
}

function leasesIn(state: State, now: Instant): Lease[] {
  return Array.from(state.heldLocks('', null, now), ({ lease }) => lease);
}

describe('a lock with several leases', () => {
  test('is listed with each of them, in the order of their grants', () => {
    const { state, leases, now } = severalLeases(1, 2, 3);
    expect(leasesIn(state, now)).toEqual(leases);
    expect(state.firstLiveLease(lock('a'), now)).toBe(leases[0]);
  });

  test("is listed among one user's in the order of tokens", () => {
    const { state, leases, now } = severalLeases(3, 1, 2);
    const [third, first, second] = leases;
    const own = state.heldLocksOfUser(user('ann'), '', null, now);
    expect(own.map(({ lease }) => lease)).toEqual([first, second, third]);
  });

  test('is held until the last of them has ended', () => {
    const { state, leases, now } = severalLeases(1, 2);
    const [first, second] = leases;
    if (first === undefined || second === undefined) throw new Error('there are two leases');
    state.apply({ kind: 'lease_ended', lease: first });
    expect(leasesIn(state, now)).toEqual([second]);
    state.apply({ kind: 'lease_ended', lease: second });
    expect(leasesIn(state, now)).toEqual([]);
    expect(state.lock(lock('a'))).toBeNull();
  });
});

describe('a change of what is not there stops the law', () => {
  test.each<[string, (law: Law) => Change, string]>([
    [
      'an extension',
      (law) => ({ kind: 'lease_extended', lease: law.grant('a') }),
      'there is no record of the lock "a"',
    ],
    [
      'an end',
      (law) => ({ kind: 'lease_ended', lease: law.grant('a') }),
      'there is no record of the lock "a"',
    ],
    [
      'a removal',
      (law) => ({ kind: 'session_removed', session: law.openSession('s') }),
      'there is no session s',
    ],
    [
      'an end of cooling',
      (law) => {
        const { fencingToken: token } = law.grant('a');
        const cooling = { lockName: lock('a'), userId: user('ann'), fencingToken: token, until: law.now };
        return { kind: 'cooling_ended', cooling };
      },
      'there is no record of the lock "a"',
    ],
    [
      'a broken lease that is forgotten',
      (law) => {
        law.grant('a');
        law.breakLock('a');
        const saved = law.changes.find((change) => change.kind === 'broken_lease_saved');
        return { kind: 'broken_lease_forgotten', broken: saved?.broken ?? expect.unreachable() };
      },
      'no broken lease has the fencing token 1',
    ],
  ])('%s', (_, changeOf, message) => {
    const change = changeOf(new Law());
    expect(() => new State().apply(change)).toThrow(message);
  });

  test('a session that is not remembered', () => {
    const session = new Law().openSession('s');
    expect(() => new RememberedSessions().delete(session)).toThrow('the session s is not remembered');
  });
});

describe('the numbers', () => {
  test('go up to the last one, and never beyond it', () => {
    const numbers = new Numbers(fencingToken(LAST - 1), sequence(LAST - 1));
    expect([numbers.nextFencingToken(), numbers.nextSequence()]).toEqual([LAST, LAST]);
    expect(() => numbers.nextFencingToken()).toThrow('no fencing tokens are left');
    expect(() => numbers.nextSequence()).toThrow('no sequences are left');
  });

  test('are enough for a lease if there are two: for its grant and for its end', () => {
    const law = new Law({}, new State(fencingToken(0), sequence(LAST - 2)));
    expect([1, 2].map((locks) => law.state.hasNumbersForGrant(locks))).toEqual([true, false]);
    expect(law.release(law.grant('a')).outcome.kind).toBe('released');
    expect(law.state.hasNumbersToEndAllLeases).toBe(true);
  });

  test('are not enough for the end of a lease if there are fewer than leases', () => {
    const state = new State(fencingToken(0), sequence(LAST));
    expect(state.hasNumbersToEndAllLeases).toBe(true);
    state.apply({ kind: 'lease_granted', lease: new Law().grant('a') });
    expect(state.hasNumbersToEndAllLeases).toBe(false);
  });
});
