import { State } from '../../../src/core/state/state.js';
import { EventLogBounds } from '../../../src/store/log/event-log-bounds.js';
import { GroupCommit } from '../../../src/store/commit/group-commit.js';
import { LockStore } from '../../../src/store/lock-store.js';
import { Timeline } from '../../../src/store/timeline.js';
import type { Place } from '../../../src/core/state/records.js';
import { LinkedList } from '../../../src/core/state/linked-list.js';
import { SimJournal } from './world/disk.js';
import { SimClock } from './world/machine.js';

/** A bug that someone could make. The simulation must notice each of them. Otherwise a run without findings proves nothing. */
export interface Bug {
  readonly name: string;
  /** Plants the bug. Returns a function that removes it. */
  plant(): () => void;
}

/** Replaces a method, giving the replacement the original. */
function patch<T extends object, K extends keyof T>(
  target: T,
  method: K,
  make: (original: T[K]) => T[K],
): () => void {
  const original = target[method];
  target[method] = make(original);
  return () => {
    target[method] = original;
  };
}

/** Makes queues look empty whenever `isHidden` returns true. */
function hideQueues(isHidden: () => boolean): () => void {
  const first = Object.getOwnPropertyDescriptor(LinkedList.prototype, 'first');
  if (first === undefined) throw new Error('a queue has no first item');
  const read = function read(this: LinkedList<Place>): unknown {
    return isHidden() ? null : first.get?.call(this);
  };
  Object.defineProperty(LinkedList.prototype, 'first', { ...first, get: read });
  return () => void Object.defineProperty(LinkedList.prototype, 'first', first);
}

function replaceAtTheEnd(this: LinkedList<Place>, place: Place, successor: Place): void {
  this.remove(place);
  this.push(successor);
}

function readWallClock(this: SimClock): number {
  return this.wallMs();
}

const durability: readonly Bug[] = [
  {
    name: 'an answer does not wait for its commit',
    plant: () =>
      patch(
        GroupCommit.prototype,
        'added',
        (original) =>
          function added(this: GroupCommit) {
            original.call(this).catch(() => undefined);
            return Promise.resolve();
          },
      ),
  },
  {
    name: 'a read does not wait for the current commit',
    plant: () => patch(GroupCommit.prototype, 'settled', () => () => Promise.resolve()),
  },
  {
    name: 'the disk confirms a batch before it is written',
    plant: () =>
      patch(
        SimJournal.prototype,
        'commit',
        (original) =>
          function commit(this: SimJournal, batch) {
            original.call(this, batch).catch(() => undefined);
            return Promise.resolve();
          },
      ),
  },
  {
    name: 'a failed commit counts as done',
    plant: () =>
      patch(
        SimJournal.prototype,
        'commit',
        (original) =>
          function commit(this: SimJournal, batch) {
            return original.call(this, batch).catch(() => undefined);
          },
      ),
  },
  {
    name: 'the token counter is not restored',
    plant: () =>
      patch(
        SimJournal.prototype,
        'lead',
        (original) =>
          async function lead(this: SimJournal) {
            return { ...(await original.call(this)), lastFencingToken: 0 };
          },
      ),
  },
  {
    name: 'sessions are not restored',
    plant: () =>
      patch(
        SimJournal.prototype,
        'pages',
        (original) =>
          async function* pages(this: SimJournal, table) {
            for await (const rows of original.call(this, table)) if (table !== 'sessions') yield rows;
          } as typeof original,
      ),
  },
  {
    name: 'the event log is not kept for its readers',
    plant: () => patch(EventLogBounds.prototype, 'keepFor', () => () => undefined),
  },
  {
    name: 'the event log is pruned further than it reports',
    plant: () => patch(EventLogBounds.prototype, 'advance', () => (lastSequence) => lastSequence - 2),
  },
];

const law: readonly Bug[] = [
  {
    name: 'a lease ends at its deadline, not after it',
    plant: () =>
      patch(
        State.prototype,
        'isLeaseAlive',
        (original) =>
          function isLeaseAlive(this: State, lease, now) {
            return now < lease.deadline && original.call(this, lease, now);
          },
      ),
  },
  {
    name: 'a lease outlives its session',
    plant: () =>
      patch(
        State.prototype,
        'isLeaseAlive',
        () =>
          ({ deadline }, now) =>
            now <= deadline,
      ),
  },
  {
    name: 'an overdue lease can be renewed',
    plant: () => patch(State.prototype, 'overdueLease', () => () => null),
  },
  {
    name: 'no quota',
    plant: () => patch(State.prototype, 'leaseCountOf', () => () => 0),
  },
  {
    name: 'a quota counts leases that have ended',
    plant: () => patch(State.prototype, 'isAnythingDue', () => () => false),
  },
  {
    name: 'a freed lock is not passed on',
    plant: () => hideQueues(() => true),
  },
  {
    name: 'a new request goes ahead of the waiters',
    plant: () => {
      let isAcquiring = false;
      let hasEndedLease = false;
      const removals = [
        hideQueues(() => isAcquiring && hasEndedLease),
        patch(
          State.prototype,
          'overdueLease',
          (original) =>
            function overdueLease(this: State, lock, now) {
              const lease = original.call(this, lock, now);
              hasEndedLease ||= lease !== null;
              return lease;
            },
        ),
        patch(
          LockStore.prototype,
          'acquire',
          (original) =>
            function acquire(this: LockStore, request, waitSeconds, gone) {
              hasEndedLease = false;
              isAcquiring = true;
              const answer = original.call(this, request, waitSeconds, gone);
              isAcquiring = false;
              return answer;
            },
        ),
      ];
      return () => removals.forEach((remove) => remove());
    },
  },
  {
    name: 'the first waiter goes to the end of the line',
    plant: () =>
      patch(
        LinkedList.prototype,
        'push',
        (original) =>
          function push(this: LinkedList<Place>, place: Place) {
            const { first } = this;
            original.call(this, place);
            if (first === null) return;
            this.remove(first);
            original.call(this, first);
          },
      ),
  },
  {
    name: 'a repeated request loses its place in line',
    plant: () => patch(LinkedList.prototype, 'replace', () => replaceAtTheEnd),
  },
  {
    name: 'a client that has left is granted the lock',
    plant: () =>
      patch(
        LockStore.prototype,
        'acquire',
        (original) =>
          function acquire(this: LockStore, request, waitSeconds) {
            return original.call(this, request, waitSeconds);
          },
      ),
  },
];

const time: readonly Bug[] = [
  {
    name: 'deadlines on the wall clock',
    plant: () => patch(SimClock.prototype, 'monotonicMs', () => readWallClock),
  },
  {
    name: 'a restart in the same boot trusts the wall clock',
    plant: () => patch(SimClock.prototype, 'bootId', () => () => null),
  },
  {
    name: 'a change of the wall clock goes unnoticed',
    plant: () => patch(Timeline.prototype, 'followWallClock', () => () => 0),
  },
  {
    name: 'no time to renew after a restart',
    plant: () =>
      patch(
        LockStore,
        'lead',
        (original) => (journal, clock, options) =>
          original.call(LockStore, journal, clock, { ...options, restartGraceSeconds: 0 }),
      ),
  },
];

export const BUGS: readonly Bug[] = [...durability, ...law, ...time];
