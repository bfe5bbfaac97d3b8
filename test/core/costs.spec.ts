import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { DeadlineHeap, type Due } from '../../src/core/state/deadline-heap.js';
import { SortedNames } from '../../src/core/state/sorted-names.js';
import { EXCLUSIVE } from '../../src/core/model/demand.js';
import { USUAL_TERMS, type Lease } from '../../src/core/model/lease.js';
import { BREAKS_PER_STEP_MAX } from '../../src/core/model/limits.js';
import type { Instant } from '../../src/core/model/time.js';
import { Holders } from '../../src/core/state/holders.js';
import type { HolderEntry } from '../../src/core/state/lease-record.js';
import { Locks } from '../../src/core/state/locks.js';
import { fencingToken, instant, Law, lock, user } from '../support/law.js';

/** Enough that one look at each would show. */
const MANY = 10_000;

/** The most that a search by halves among that many needs, with some room. */
const FEW = 2 * Math.ceil(Math.log2(MANY));

/** Work that is done while `act` runs, as the difference of a counter. */
function workOf(count: () => number, act: () => void): number {
  const before = count();
  act();
  return count() - before;
}

describe('a set of sorted names', () => {
  let comparisons = 0;

  /** A name that counts how often it is compared with another. */
  class CountedName extends String {
    [Symbol.toPrimitive](): string {
      comparisons += 1;
      return this.toString();
    }
  }

  // Two names are read for one comparison. The set needs nothing of a name but its order and its beginning.
  const counted = (): number => comparisons / 2;
  const nameOf = (index: number): string =>
    new CountedName(`name-${String(index).padStart(6, '0')}`) as unknown as string;

  function filled(): SortedNames<string> {
    const names = new SortedNames<string>();
    for (let index = 0; index < MANY; index += 1) names.add(nameOf(2 * index));
    return names;
  }

  test.each([0, 1, MANY, 2 * MANY - 1])('compares few names for adding and removing one (%i)', (index) => {
    const names = filled();
    const name = nameOf(index);
    expect(workOf(counted, () => names.add(name))).toBeLessThanOrEqual(FEW);
    expect(workOf(counted, () => names.delete(name))).toBeLessThanOrEqual(FEW);
  });

  test('compares few names until a scan begins to answer, wherever that is', () => {
    const names = filled();
    for (const index of [0, 777, MANY, 2 * MANY - 2]) {
      const work = workOf(counted, () => names.scan('', nameOf(index)).next());
      expect(work).toBeLessThanOrEqual(2 * FEW);
    }
  });

  test('keeps its chunks short, so that adding and removing shift few names', () => {
    const splice = vi.spyOn(Array.prototype, 'splice');
    onTestFinished(() => splice.mockRestore());
    const names = new SortedNames<string>();
    for (let index = 0; index < MANY; index += 1) names.add(`name-${String(index).padStart(6, '0')}`);
    const lists = new Set(splice.mock.contexts as unknown[][]);
    expect(Math.max(...Array.from(lists, ({ length }) => length))).toBeLessThanOrEqual(512);
  });

  test('drops a chunk with its last name', () => {
    const names = filled();
    const all = [...names.scan('', '')];
    for (const name of all.slice(0, -1)) names.delete(name);
    expect(workOf(counted, () => [...names.scan('', '')])).toBeLessThanOrEqual(4);
  });
});

describe('the heap of deadlines', () => {
  let reads = 0;

  /** Something due that counts how often its deadline is looked at. */
  class CountedDue implements Due {
    heapIndex = -1;
    #deadline: Instant;

    constructor(deadline: number) {
      this.#deadline = instant(deadline);
    }

    get deadline(): Instant {
      reads += 1;
      return this.#deadline;
    }

    set deadline(deadline: Instant) {
      this.#deadline = deadline;
    }
  }

  const counted = (): number => reads;

  test.each([-1, 0, MANY / 2, MANY])(
    'looks at few deadlines, wherever one comes to stand (%i)',
    (deadline) => {
      const heap = new DeadlineHeap<CountedDue>();
      const items = Array.from({ length: MANY }, (_, index) => new CountedDue((index * 7_919) % MANY));
      for (const item of items) heap.add(item);
      const [first, item] = [heap.peek(), new CountedDue(deadline)];
      if (first === undefined) throw new Error('the heap is empty');
      // A level costs a comparison of the item with one parent, or of two children and the item.
      const most = 3 * FEW;
      expect(workOf(counted, () => heap.peek())).toBe(0);
      expect(workOf(counted, () => heap.add(item))).toBeLessThanOrEqual(most);
      item.deadline = instant(MANY - deadline);
      expect(workOf(counted, () => heap.reorder(item))).toBeLessThanOrEqual(most);
      expect(workOf(counted, () => heap.remove(item))).toBeLessThanOrEqual(most);
      expect(workOf(counted, () => heap.remove(first))).toBeLessThanOrEqual(most);
    },
  );
});

describe('a list of locks', () => {
  /** Names that were looked at. */
  function looksOf(act: () => void): number {
    const looks = vi.spyOn(String.prototype, 'startsWith');
    onTestFinished(() => looks.mockRestore());
    return workOf(() => looks.mock.calls.length, act);
  }

  function lawWithMany(): Law {
    const law = new Law({ maxLocks: MANY, maxLocksPerUser: MANY });
    for (let index = 0; index < 1_000; index += 1) law.grant(`folder-${index % 10}/lock-${index}`);
    law.grant('folder-5/of-bob', { user: 'bob' });
    return law;
  }

  test('looks at those that it returns and at the next one', () => {
    const law = lawWithMany();
    const looks = looksOf(() =>
      expect([...law.state.heldLocks('folder-5/', null, law.now)]).toHaveLength(101),
    );
    expect(looks).toBe(102);
  });

  test('looks at none that has come free', () => {
    const law = lawWithMany();
    for (const { lease } of Array.from(law.state.heldLocks('', null, law.now))) law.release(lease);
    const looks = looksOf(() => expect([...law.state.heldLocks('', null, law.now)]).toEqual([]));
    expect(looks).toBe(0);
  });

  test('looks only at those on the page after a cursor', () => {
    const law = lawWithMany();
    const after = { lockName: lock('folder-7/lock-507'), fencingToken: fencingToken(508) };
    const looks = looksOf(() => law.state.heldLocks('', after, law.now).next());
    // The lock of the cursor may have leases after it.
    expect(looks).toBe(2);
  });

  test("of one user looks at that user's only", () => {
    const law = lawWithMany();
    const looks = looksOf(() => law.state.heldLocksOfUser(user('bob'), '', null, law.now));
    expect(looks).toBe(1);
  });
});

describe('while nothing is overdue', () => {
  test('a refusal by the quota of locks counts no leases one by one', () => {
    const law = new Law({ maxLocksPerUser: 1 });
    law.grant('a');
    const count = vi.spyOn(law.state, 'liveLockCountOf');
    expect(law.acquire('b').kind).toBe('lock_limit_exceeded');
    expect(count).not.toHaveBeenCalled();
  });

  test('a refusal by the limit of sessions counts no sessions one by one', () => {
    const law = new Law({ maxSessionsPerUser: 1 });
    law.openSession('s');
    const count = vi.spyOn(law.state, 'liveSessionCountOf');
    expect(() => law.openSession('t')).toThrow('session_limit_exceeded');
    expect(count).not.toHaveBeenCalled();
  });

  test('below the quota nothing is counted one by one, even if something is overdue', () => {
    const law = new Law();
    law.grant('a', { ttl: 1 });
    law.openSession('s', 'ann', 10);
    law.advance(10_001);
    const counts = [vi.spyOn(law.state, 'liveLockCountOf'), vi.spyOn(law.state, 'liveSessionCountOf')];
    law.grant('b');
    law.openSession('t');
    for (const count of counts) expect(count).not.toHaveBeenCalled();
  });
});

describe('a sweep', () => {
  test('looks at what is overdue and at the next deadline', () => {
    const law = new Law({ maxLocks: MANY, maxLocksPerUser: MANY });
    for (let index = 0; index < 1_000; index += 1) law.grant(`lock-${index}`, { ttl: index < 5 ? 1 : 60 });
    law.advance(1_001);
    const looks = vi.spyOn(law.state, 'earliestDue');
    expect(law.sweep().events).toHaveLength(5);
    expect(looks.mock.calls.length).toBeLessThanOrEqual(6);
  });
});

describe('a lease like most others', () => {
  test('is granted after one look at its lock, which no one holds', () => {
    const law = new Law();
    const looks = vi.spyOn(law.state, 'lock');
    law.grant('a', { leaseId: 'mine' });
    expect(looks).toHaveBeenCalledTimes(1);
  });

  test('is granted without a search among broken leases', () => {
    const law = new Law();
    const search = vi.spyOn(law.state, 'brokenLeasesWithId');
    law.grant('a', { leaseId: 'mine' });
    expect(search).not.toHaveBeenCalled();
  });

  test('expires without a look at how long its lock must be kept', () => {
    const law = new Law();
    law.grant('a', { ttl: 1 });
    law.advance(1_001);
    const looks = vi.spyOn(law.state, 'endOfLease');
    expect(law.sweep().events).toHaveLength(1);
    expect(looks).not.toHaveBeenCalled();
  });

  test('is renewed without a look at its locks if no one asks for a release', () => {
    const locks = new Locks();
    const lease = Object.defineProperty({}, 'lockName', {
      get: () => expect.unreachable('the lease was looked at'),
    });
    expect(locks.releaseRequestFor(lease as Lease)).toBeNull();
  });

  test('has the terms that all such leases share', () => {
    const law = new Law();
    expect(law.grant('a').terms).toBe(USUAL_TERMS);
    const shared = law.grant('b', { mode: 'shared' });
    expect(law.converted(shared, 'exclusive').terms).toBe(USUAL_TERMS);
  });

  test('shares how it holds its locks, also if they are several', () => {
    const { terms } = new Law().grant(['a', 'b']);
    expect(terms.hold).toBe(EXCLUSIVE);
    expect(terms.others[0]?.hold).toBe(EXCLUSIVE);
  });
});

describe('a lock with many holders', () => {
  test.each([
    [16, 1, 0],
    [17, 0, 1],
  ])('among %i leases, one is found by %i scan or %i look at an index', (count, scans, looks) => {
    const law = new Law({ maxLocks: 100 });
    const leases = Array.from({ length: count }, (_, number) =>
      law.grant('a', { user: `user-${number}`, mode: 'shared' }),
    );
    const scan = vi.spyOn(Holders.prototype, 'find');
    const look = vi.spyOn(Locks.prototype, 'leasesWithId');
    onTestFinished(() => [scan, look].forEach((spy) => spy.mockRestore()));
    const found = leases.map(({ lockName, holder, leaseId }) =>
      law.state.leaseOn(lockName, holder.userId, leaseId, law.now),
    );
    expect(found).toEqual(leases);
    expect([scan.mock.calls.length, look.mock.calls.length]).toEqual([scans * count, looks * count]);
  });

  test('is broken by steps that look at no more of them than they break', () => {
    const law = new Law({ maxLocks: 2_000 });
    for (let number = 0; number < 1_010; number += 1) {
      law.grant('a', { user: `user-${number}`, mode: 'shared' });
    }
    const [entry] = entriesOf(law, 'a').slice(BREAKS_PER_STEP_MAX + 5);
    Object.defineProperty(entry, 'next', { get: () => expect.unreachable('the steps look too far') });
    expect(law.breakLock('a')).toMatchObject({ kind: 'broken', more: true });
  });
});

function entriesOf(law: Law, name: string): HolderEntry[] {
  const entries: HolderEntry[] = [];
  law.state.lock(lock(name))?.holders.find((entry) => entries.push(entry) === 0);
  return entries;
}
