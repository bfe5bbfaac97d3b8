import { describe, expect, test } from 'vitest';
import type { Holder, Lease } from '../../src/core/model/lease.js';
import { Holders } from '../../src/core/state/holders.js';
import { LeaseRecord } from '../../src/core/state/lease-record.js';
import { holder, Law } from '../support/law.js';

const FEW = 16;

/** The leases of a lock: one of each user, and two of ann's, of which one has a session. */
function holdersOf(count: number): { holders: Holders; reads: () => number; records: LeaseRecord[] } {
  let reads = 0;
  const holders = new Holders();
  const records = Array.from({ length: count }, (_, index) => {
    const record = new LeaseRecord(
      leaseOf(holder(`u${index}`), () => (reads += 1)),
      [],
    );
    holders.push(record);
    return record;
  });
  return { holders, reads: () => reads, records };
}

/** A lease that notes when someone looks at its holder. */
function leaseOf(of: Holder, onRead: () => void): Lease {
  const lease = new Law().grant('a');
  return Object.defineProperty({ ...lease }, 'holder', {
    get: () => {
      onRead();
      return of;
    },
  });
}

describe.each([FEW, FEW + 1, 100])('%i holders of a lock', (count) => {
  test('are found by user and session', () => {
    const { holders, records } = holdersOf(count);
    expect([...holders.of(holder('u3'))]).toEqual([records[3]]);
    expect([...holders.of(holder('u3', 's'))]).toEqual([]);
    expect([...holders.of(holder('zoe'))]).toEqual([]);
  });

  test('are not found after they have left', () => {
    const { holders, records } = holdersOf(count);
    const [first] = records;
    if (first !== undefined) holders.remove(first);
    expect([...holders.of(holder('u0'))]).toEqual([]);
    expect([...holders.of(holder('u1'))]).toEqual([records[1]]);
    expect(holders.length).toBe(count - 1);
  });
});

test('many holders are not looked through to find one', () => {
  const { holders, reads } = holdersOf(100);
  const before = reads();
  expect([...holders.of(holder('u99'))]).toHaveLength(1);
  expect(reads() - before).toBe(0);
});

test('few holders need no index', () => {
  const { reads } = holdersOf(FEW);
  expect(reads()).toBe(0);
});

test('many holders keep their index when one leaves, and few do not', () => {
  const { holders, reads, records } = holdersOf(FEW + 2);
  const readsToFind = (): number => {
    const before = reads();
    expect([...holders.of(holder('u9'))]).toEqual([records[9]]);
    return reads() - before;
  };
  const [first, second] = records;
  if (first !== undefined) holders.remove(first);
  expect(readsToFind()).toBe(0);
  if (second !== undefined) holders.remove(second);
  expect(readsToFind()).toBe(FEW);
});

test('two sessions of a user are two holders among many, too', () => {
  const { holders } = holdersOf(100);
  const [one, two] = ['s', 't'].map((session) => {
    const record = new LeaseRecord(
      leaseOf(holder('u3', session), () => undefined),
      [],
    );
    holders.push(record);
    return record;
  });
  expect([...holders.of(holder('u3', 's'))]).toEqual([one]);
  expect([...holders.of(holder('u3', 't'))]).toEqual([two]);
});
