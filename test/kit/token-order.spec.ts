import { describe, expect, test } from 'vitest';
import { History } from '../../lab/kit/history/history.js';
import type { LockOutcome, LockRequest } from '../../lab/kit/history/operation.js';
import { Outages } from '../../lab/kit/history/outages.js';
import { tokenOrderViolations } from '../../lab/kit/history/token-order.js';

const LOCK = 'a';
const LONG_MS = 60_000;

const acquire = (tag: string, ttlMs = LONG_MS): LockRequest => ({
  kind: 'acquire',
  tag,
  ttlMs,
  mayWait: false,
  session: null,
});
const renew = (tag: string): LockRequest => ({ kind: 'renew', tag, ttlMs: LONG_MS });
const release = (tag: string): LockRequest => ({ kind: 'release', tag });
const granted = (token: number): LockOutcome => ({ kind: 'granted', token });
const renewed = (token: number): LockOutcome => ({ kind: 'renewed', token });

/** Each call takes 10 ms, one follows the other; null stands for no answer. */
function violations(...calls: readonly (readonly [LockRequest, LockOutcome | null])[]): string[] {
  const history = new History();
  for (const [index, [request, outcome]] of calls.entries()) {
    const callMs = 100 + index * 20;
    if (outcome === null) history.lost(LOCK, request, callMs);
    else history.answer(LOCK, request, outcome, callMs, callMs + 10);
  }
  return tokenOrderViolations(history, new Outages(0));
}

test('a lease that is granted while another holds the lock is seen', () => {
  expect(violations([acquire('x'), granted(1)], [acquire('y'), granted(2)])).toEqual([
    'a: token 2 was given while token 1 held the lock',
  ]);
});

test('a lease that is used after its successor was granted is seen', () => {
  const calls = [
    [acquire('x', 10), granted(1)],
    [acquire('y'), granted(2)],
    [release('x'), { kind: 'released' }],
  ] as const;
  expect(violations(...calls)).toEqual(['a: token 1 was used after token 2 was given']);
});

test('a lease that ended and is granted again under its id is another one', () => {
  const calls = [
    [acquire('x', 10), granted(1)],
    [acquire('y'), granted(2)],
    [renew('y'), renewed(2)],
    [release('y'), { kind: 'released' }],
    [acquire('x'), granted(3)],
    [renew('x'), renewed(3)],
  ] as const;
  expect(violations(...calls)).toEqual([]);
});

test('a lease that may have been granted again without an answer is not taken for the first', () => {
  const calls = [
    [acquire('x'), granted(1)],
    [release('x'), null],
    [acquire('y'), granted(2)],
    [release('y'), { kind: 'released' }],
    [acquire('x'), null],
    [release('x'), { kind: 'released' }],
  ] as const;
  expect(violations(...calls)).toEqual([]);
});

describe('tokens of all locks', () => {
  test('may overlap in time in any order', () => {
    expect(ofGrants([1, 0, 5], [3, 6, 9], [2, 4, 8])).toEqual([]);
  });

  test('must not be lower than one that was acknowledged before', () => {
    expect(ofGrants([2, 0, 5], [1, 6, 9])).toHaveLength(1);
  });

  test('must not be given twice', () => {
    expect(ofGrants([1, 0, 5], [1, 2, 6])).toHaveLength(1);
  });

  test('must not be shown lower than they are', () => {
    const history = new History();
    history.answer('a', acquire('x'), granted(5), 0, 10);
    history.answer('b', { kind: 'status' }, { kind: 'free', highestToken: 4 }, 20, 30);
    expect(tokenOrderViolations(history, new Outages(0))).toHaveLength(1);
  });
});

test('a lease that its client first heard of as one that it has already is no new grant when it is converted', () => {
  const history = new History();
  history.answer('a', acquire('x'), { kind: 'held', tag: 'x', token: 1, isOwn: true }, 0, 10);
  history.answer('b', acquire('y'), granted(2), 20, 30);
  const convert: LockRequest = { kind: 'convert', tag: 'x', mode: 'shared' };
  history.answer('a', convert, { kind: 'converted', token: 1 }, 40, 50);
  expect(tokenOrderViolations(history, new Outages(0))).toEqual([]);
});

/** Each grant is of a lock of its own. */
function ofGrants(
  ...grants: readonly (readonly [token: number, callMs: number, returnMs: number])[]
): string[] {
  const history = new History();
  for (const [index, [token, callMs, returnMs]] of grants.entries())
    history.answer(`lock-${index}`, acquire(`lease-${index}`), granted(token), callMs, returnMs);
  return tokenOrderViolations(history, new Outages(0));
}

test('a grant without an answer, whose token a conversion shows, is as old as its request', () => {
  const history = new History();
  history.lost(LOCK, acquire('x'), 100);
  history.answer('b', acquire('y'), granted(2), 110, 120);
  const conversion = { kind: 'convert', tag: 'x', mode: 'exclusive' } as const;
  history.answer(LOCK, conversion, { kind: 'converted', token: 1 }, 130, 140);
  expect(tokenOrderViolations(history, new Outages(0))).toEqual([]);
});

test('an upgrade without an answer, whose token an acquire shows, is as old as its request', () => {
  const history = new History();
  history.answer(LOCK, { ...acquire('x'), mode: 'shared' } as LockRequest, granted(1), 90, 95);
  history.lost(LOCK, { kind: 'convert', tag: 'x', mode: 'exclusive' }, 100);
  history.answer('b', acquire('y'), granted(3), 110, 120);
  history.answer(LOCK, acquire('x'), { kind: 'held', tag: 'x', token: 2, isOwn: true }, 130, 140);
  expect(tokenOrderViolations(history, new Outages(0))).toEqual([]);
});

test('of several leases each is compared with all that were granted before it', () => {
  const calls = [
    [acquire('x'), granted(1)],
    [acquire('y', 1), granted(2)],
    [acquire('z'), granted(3)],
  ] as const;
  expect(violations(...calls)).toEqual([
    'a: token 2 was given while token 1 held the lock',
    'a: token 3 was given while token 1 held the lock',
  ]);
});
