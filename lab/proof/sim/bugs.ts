import { State } from '../../../src/core/state/state.js';
import { EventLogBounds } from '../../../src/store/log/event-log-bounds.js';
import { GroupCommit } from '../../../src/store/commit/group-commit.js';
import { LockStore } from '../../../src/store/lock-store.js';
import { Timeline } from '../../../src/store/timeline.js';
import type { Command } from '../../../src/core/model/command.js';
import type { Arrival } from '../../../src/core/model/ids.js';
import type { Instant } from '../../../src/core/model/time.js';
import { LinkedList } from '../../../src/core/state/linked-list.js';
import type { HolderEntry } from '../../../src/core/state/lease-record.js';
import { Line } from '../../../src/core/state/line.js';
import { Holders } from '../../../src/core/state/holders.js';
import { Slots } from '../../../src/core/state/slots.js';
import { StateReads } from '../../../src/core/state/state-reads.js';
import { Transition } from '../../../src/core/transition.js';
import { Decider } from '../../../src/store/decide/decider.js';
import { SimJournal } from './world/disk.js';
import { SimClock } from './world/machine.js';

/** A bug that somebody could make. The simulation has to notice each of them, or its silence means nothing. */
export interface Bug {
  readonly name: string;
  /** Puts the bug in. Returns what takes it out. */
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

/** Replaces a property that is read, giving the replacement the original. */
function patchRead<T extends object>(
  target: T,
  property: keyof T & string,
  make: (read: (self: T) => unknown) => (this: T) => unknown,
): () => void {
  const original = Object.getOwnPropertyDescriptor(target, property);
  if (original?.get === undefined) throw new Error(`there is no ${property}`);
  const read = (self: T): unknown => original.get?.call(self);
  Object.defineProperty(target, property, { ...original, get: make(read) });
  return () => void Object.defineProperty(target, property, original);
}

/** Has lines look as if no one was asking, whenever `isHidden` says so. */
function hideLines(isHidden: () => boolean): () => void {
  return together(
    patchRead(
      Line.prototype,
      'firstAsking',
      (read) =>
        function firstAsking() {
          return isHidden() ? null : read(this);
        },
    ),
    patchRead(
      Line.prototype,
      'askingCount',
      (read) =>
        function askingCount() {
          return isHidden() ? 0 : read(this);
        },
    ),
  );
}

/** Calls `during` with each command before it is decided, and with null after that. */
function aroundCommand(during: (command: Command | null) => void): () => void {
  return patch(
    Decider.prototype,
    'decide',
    (original) =>
      function decide(this: Decider, command) {
        during(command);
        const decision = original.call(this, command);
        during(null);
        return decision;
      } as typeof original,
  );
}

/** Puts in several changes that make one bug. */
function together(...takesOut: readonly (() => void)[]): () => void {
  return () => takesOut.forEach((takeOut) => takeOut());
}

/** Has no lock handed over in the steps of these commands. */
function leaveLocksFree(kinds: readonly Command['kind'][]): () => void {
  let isForgetful = false;
  return together(
    aroundCommand((command) => (isForgetful = command !== null && kinds.includes(command.kind))),
    patch(
      Transition.prototype,
      'mayServe',
      (original) =>
        function mayServe(this: Transition, lock) {
          return !isForgetful && original.call(this, lock);
        },
    ),
  );
}

function isOfReader(command: Command | null): boolean {
  return command?.kind === 'acquire' && command.request.wants[0].demand.mode === 'shared';
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
    name: 'a read does not wait for the commit under way',
    plant: () => patch(GroupCommit.prototype, 'settled', () => () => Promise.resolve()),
  },
  {
    name: 'the disk confirms what it has yet to write',
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
    name: 'the event log is not kept for those who have to read it',
    plant: () => patch(EventLogBounds.prototype, 'keepFor', () => () => undefined),
  },
  {
    name: 'the event log is pruned further than readers are told',
    plant: () => patch(EventLogBounds.prototype, 'advance', () => (lastSequence) => lastSequence - 2),
  },
];

const law: readonly Bug[] = [
  {
    name: 'a lease ends at its deadline, not after it',
    plant: () =>
      patch(
        StateReads.prototype,
        'isLeaseAlive',
        (original) =>
          function isLeaseAlive(this: StateReads, lease, now) {
            return now < lease.deadline && original.call(this, lease, now);
          },
      ),
  },
  {
    name: 'a lease outlives its session',
    plant: () =>
      patch(
        StateReads.prototype,
        'isLeaseAlive',
        () =>
          ({ deadline }, now) =>
            now <= deadline,
      ),
  },
  {
    name: 'an overdue lease can be renewed',
    plant: () => patch(StateReads.prototype, 'overdueLease', () => () => null),
  },
  {
    name: 'no quota',
    plant: () => patch(StateReads.prototype, 'lockCountOf', () => () => 0),
  },
  {
    name: 'a quota that counts what has ended',
    plant: () => patch(StateReads.prototype, 'isAnyDeadlinePast', () => () => false),
  },
  {
    name: 'a freed lock is not passed on',
    plant: () => hideLines(() => true),
  },
  {
    name: 'a newcomer goes before those who wait',
    plant: () => {
      let isAcquiring = false;
      let hasEndedLease = false;
      return together(
        hideLines(() => isAcquiring && hasEndedLease),
        patch(
          StateReads.prototype,
          'overdueLease',
          (original) =>
            function overdueLease(this: StateReads, lock, now) {
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
      );
    },
  },
  {
    name: 'the last in line is served first',
    plant: () =>
      patch(
        State.prototype,
        'nextArrival',
        (original) =>
          function nextArrival(this: State) {
            return (Number.MAX_SAFE_INTEGER - original.call(this)) as Arrival;
          },
      ),
  },
  {
    name: 'a client that asks again loses its place',
    plant: () =>
      patch(
        State.prototype,
        'enqueue',
        (original) =>
          function enqueue(this: State, ticket) {
            return original.call(this, { ...ticket, arrival: this.nextArrival() });
          },
      ),
  },
  {
    name: 'a place that no one asks for is granted',
    plant: () =>
      patchRead(
        Line.prototype,
        'firstAsking',
        () =>
          function firstAsking() {
            const [first] = this.places();
            return first ?? null;
          },
      ),
  },
  {
    name: 'a place that no one asks for holds up those behind it',
    plant: () =>
      patchRead(
        Line.prototype,
        'firstAsking',
        (read) =>
          function firstAsking() {
            const [first] = this.places();
            return first?.ticket.isAsking === false ? null : read(this);
          },
      ),
  },
  {
    name: 'a lock is left free when a client disconnects',
    plant: () => leaveLocksFree(['leave_queue']),
  },
  {
    name: 'a lock is left free when a session is closed',
    plant: () => leaveLocksFree(['close_session']),
  },
  {
    name: 'a lock is left free when a wait ends or a lease expires',
    plant: () => leaveLocksFree(['sweep']),
  },
  {
    name: 'a lock is left free when a grant is taken back',
    plant: () => leaveLocksFree(['take_back']),
  },
  {
    name: 'a reader is admitted beside a writer',
    plant: () => {
      let isReader = false;
      return together(
        aroundCommand((command) => (isReader = isOfReader(command))),
        patchRead(
          LinkedList.prototype as LinkedList<HolderEntry>,
          'first',
          (read) =>
            function first() {
              return isReader && this instanceof Holders ? null : read(this);
            },
        ),
      );
    },
  },
  {
    name: 'a writer is overtaken by readers',
    plant: () => {
      let isReader = false;
      return together(
        aroundCommand((command) => (isReader = isOfReader(command))),
        hideLines(() => isReader),
      );
    },
  },
  {
    name: 'a counted lock has a permit too many',
    plant: () => {
      return together(
        patchRead(
          Slots.prototype,
          'free',
          (read) =>
            function free() {
              return Number(read(this)) + 1;
            },
        ),
        patch(Slots.prototype, 'lowest', () => (count) => Array.from({ length: count }, (_, slot) => slot)),
        patch(Slots.prototype, 'take', () => () => undefined),
        patch(Slots.prototype, 'giveBack', () => () => undefined),
      );
    },
  },
  {
    name: 'half of a set of locks is granted',
    plant: () =>
      patch(
        Transition.prototype,
        'grant',
        (original) =>
          function grant(this: Transition, request) {
            return original.call(this, { ...request, wants: [request.wants[0]] });
          },
      ),
  },
  {
    name: 'the quota counts leases, not locks',
    plant: () =>
      patch(
        StateReads.prototype,
        'lockCountOf',
        () =>
          function lockCountOf(this: StateReads, userId) {
            return new Set(this.heldLocksOfUser(userId, '', null, 0 as Instant).map(({ lease }) => lease))
              .size;
          },
      ),
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
    name: 'nobody notices that the wall clock was set',
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
