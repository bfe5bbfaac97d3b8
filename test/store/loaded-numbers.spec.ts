import { describe, expect, test } from 'vitest';
import { EXCLUSIVE } from '../../src/core/model/demand.js';
import type { Fence } from '../../src/core/model/fence.js';
import type { ServerRow } from '../../src/journal/rows/server-row.js';
import { assertUsableNumbers, UnusableNumbersError } from '../../src/store/load/numbers.js';
import { fenceName, fencingToken, Law, lock, user } from '../support/law.js';

const LAST = Number.MAX_SAFE_INTEGER;
const USABLE = {
  lastFencingToken: 5,
  lastSequence: 9,
  prunedThrough: 2,
  restoredAt: 0,
  lastInstant: 1_000,
  monotonicOffset: -20,
  wallSkew: 0,
} as ServerRow;

const fence = (highest: number): Fence => ({
  name: fenceName('f'),
  userId: user('ann'),
  highest: fencingToken(highest),
});

const lease = new Law().grant('a');
const ofTwoLocks = {
  ...lease,
  terms: { ...lease.terms, others: [{ lockName: lock('b'), hold: EXCLUSIVE }] },
};

describe('the numbers of a database are accepted', () => {
  test.each<[keyof ServerRow, number]>([
    ['lastFencingToken', 0],
    ['lastFencingToken', LAST],
    ['lastSequence', LAST],
    ['prunedThrough', 0],
    ['restoredAt', LAST],
    ['lastInstant', -LAST],
    ['monotonicOffset', LAST],
    ['wallSkew', -LAST],
  ])('with %s at its limit %i', (name, value) => {
    expect(() => assertUsableNumbers({ ...USABLE, [name]: value }, [], [])).not.toThrow();
  });

  test('with a lease that has the last token', () => {
    const held = { ...lease, fencingToken: fencingToken(5) };
    expect(() =>
      assertUsableNumbers(USABLE, [held, { ...lease, fencingToken: fencingToken(1) }], []),
    ).not.toThrow();
  });

  test('with a fence that has seen the last token', () => {
    expect(() => assertUsableNumbers(USABLE, [], [fence(1), fence(5)])).not.toThrow();
  });

  test('with exactly enough sequences for the end of each lease', () => {
    expect(() => assertUsableNumbers({ ...USABLE, lastSequence: LAST - 1 }, [lease], [])).not.toThrow();
  });

  test('with exactly enough sequences for each lock of a lease', () => {
    const numbers = { ...USABLE, lastSequence: LAST - 3 };
    expect(() => assertUsableNumbers(numbers, [lease, ofTwoLocks], [])).not.toThrow();
  });
});

describe('the numbers of a database are refused', () => {
  const counters = ['lastFencingToken', 'lastSequence', 'prunedThrough', 'restoredAt'] as const;
  const times = ['lastInstant', 'monotonicOffset', 'wallSkew'] as const;
  const anyOf = (value: number): [keyof ServerRow, number][] =>
    [...counters, ...times].map((name) => [name, value]);
  test.each<[keyof ServerRow, number]>([
    ...counters.map((name): [keyof ServerRow, number] => [name, -3]),
    ...anyOf(-LAST - 1),
    ...anyOf(LAST + 1),
    ...anyOf(0.5),
    ...anyOf(NaN),
  ])('with %s of %d', (name, value) => {
    const load = (): void => assertUsableNumbers({ ...USABLE, [name]: value }, [], []);
    expect(load).toThrow(UnusableNumbersError);
    expect(load).toThrow(`The database cannot be used: ${name} is ${value}, but must be an integer from`);
  });

  test('if a copy to it did not finish, and if everything was moved away', () => {
    const load = (mark: number) => (): void =>
      assertUsableNumbers({ ...USABLE, lastFencingToken: mark }, [], []);
    expect(load(-1)).toThrow('An "octostore migrate" to this database did not finish');
    expect(load(-2)).toThrow('Everything in this database was moved to another one');
  });

  test('with a sentence that says what is allowed and what to do', () => {
    const load = (): void => assertUsableNumbers({ ...USABLE, wallSkew: 0.5 }, [], []);
    expect(load).toThrow(
      `The database cannot be used: wallSkew is 0.5, but must be an integer from ${-LAST} to ${LAST}. ` +
        'Put a backup in its place with "octostore restore FILE".',
    );
    expect(load).toThrow(expect.objectContaining({ name: 'UnusableNumbersError' }));
  });

  test.each([0, 6])('with a lease whose token (%i) was never issued', (token) => {
    const load = (): void =>
      assertUsableNumbers(USABLE, [lease, { ...lease, fencingToken: fencingToken(token) }], []);
    expect(load).toThrow(`the fencing token of a lease is ${token}, but must be an integer from 1 to 5`);
  });

  test.each([0, 6])('with a fence that has seen a token (%i) that was never issued', (highest) => {
    const load = (): void => assertUsableNumbers(USABLE, [], [fence(1), fence(highest)]);
    expect(load).toThrow(UnusableNumbersError);
    expect(load).toThrow(`the highest token of a fence is ${highest}, but must be an integer from 1 to 5`);
  });

  test('with fewer sequences than locks', () => {
    const load = (): void =>
      assertUsableNumbers({ ...USABLE, lastSequence: LAST - 2 }, [lease, ofTwoLocks], []);
    expect(load).toThrow('while 3 locks are held');
  });

  test('with fewer sequences than leases', () => {
    const load = (): void => assertUsableNumbers({ ...USABLE, lastSequence: LAST }, [lease], []);
    expect(load).toThrow(
      `The database has used up its event numbers (the last is ${LAST}) while 1 locks are held. ` +
        'Their ends could not be reported. See "When the numbers run out" in docs/operations.md.',
    );
  });
});
