import { describe, expect, test } from 'vitest';
import type { LockName } from '../../src/core/model/lock-name.js';
import type { EventRow } from '../../src/journal/rows/event-row.js';
import { Holdings } from '../../src/history/holdings.js';
import { loggedEvent } from '../support/store-rows.js';

/** Adds events whose sequences and times follow one another. */
class Log {
  #sequence = 0;

  constructor(readonly holdings: Holdings) {}

  add(type: EventRow['type'], lockName: string, fencingToken: number): void {
    this.#sequence += 1;
    const occurredAt = 1_800_000_000_000 + this.#sequence;
    this.holdings.add(loggedEvent(this.#sequence, { type, lockName, fencingToken, occurredAt }));
  }

  tokensOf(lockName: string): number[] {
    return this.holdings.of(lockName as LockName).map(({ fencingToken }) => fencingToken);
  }
}

describe('the leases that are remembered', () => {
  test('of one lock are the latest ones, and those that go on', () => {
    const log = new Log(new Holdings({ max: 100, perLockMax: 3 }));
    log.add('acquired', 'gpu', 1);
    for (const token of [2, 3, 4, 5]) {
      log.add('acquired', 'gpu', token);
      log.add('released', 'gpu', token);
    }
    expect(log.tokensOf('gpu')).toEqual([1, 4, 5]);
    log.add('renewed', 'gpu', 1);
    expect(log.holdings.of('gpu' as LockName)[0]).toMatchObject({ renewals: 1, end: null });
    expect(log.holdings.size).toBe(3);
  });

  test('of a lock with very many holders are the latest ones', () => {
    const log = new Log(new Holdings({ max: 100, perLockMax: 3 }));
    for (const token of [1, 2, 3, 4, 5]) log.add('acquired', 'gpu', token);
    expect(log.tokensOf('gpu')).toEqual([3, 4, 5]);
    expect(log.holdings.size).toBe(3);
  });

  test('of all locks are limited: those that have ended are forgotten first', () => {
    const log = new Log(new Holdings({ max: 3, perLockMax: 100 }));
    log.add('acquired', 'a', 1);
    for (const [token, name] of ['b', 'c', 'd', 'e'].entries()) {
      log.add('acquired', name, token + 2);
      log.add('released', name, token + 2);
    }
    expect(['a', 'b', 'c', 'd', 'e'].map((name) => log.tokensOf(name))).toEqual([[1], [], [], [4], [5]]);
    expect(log.holdings.size).toBe(3);
  });

  test('are limited too if all of them go on', () => {
    const log = new Log(new Holdings({ max: 3, perLockMax: 100 }));
    for (let token = 1; token <= 50; token += 1) log.add('acquired', `lock-${token}`, token);
    expect(log.holdings.size).toBe(3);
  });

  test('are limited if one lock is held again and again', () => {
    const log = new Log(new Holdings({ max: 10, perLockMax: 3 }));
    log.add('acquired', 'rare', 1);
    for (let token = 2; token <= 200; token += 1) {
      log.add('acquired', 'busy', token);
      log.add('released', 'busy', token);
    }
    expect(log.tokensOf('busy')).toEqual([198, 199, 200]);
    expect(log.tokensOf('rare')).toEqual([1]);
    expect(log.holdings.size).toBe(4);
  });

  test('may have begun before the log', () => {
    const log = new Log(new Holdings());
    log.add('renewed', 'a', 7);
    log.add('released', 'a', 7);
    expect(log.holdings.of('a' as LockName)).toMatchObject([
      { acquiredAt: null, renewals: 1, leastMarginMs: null, end: { kind: 'released' } },
    ]);
  });
});
