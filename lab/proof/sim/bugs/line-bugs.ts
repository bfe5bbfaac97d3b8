import type { Arrival } from '../../../../src/core/model/ids.js';
import { Line, type InLine } from '../../../../src/core/state/line.js';
import { State } from '../../../../src/core/state/state.js';
import { StateReads } from '../../../../src/core/state/state-reads.js';
import { LockStore } from '../../../../src/store/lock-store.js';
import { hideLines, leaveLocksFree, patch, patchRead, together, type Bug } from './bug.js';

/** The first place, even if no client is waiting for the answer. */
function firstOfAll(this: Line<InLine>): InLine | null {
  const [first] = this.places();
  return first ?? null;
}

export const LINE_BUGS: readonly Bug[] = [
  {
    name: 'a freed lock is not passed on',
    plant: () => hideLines(() => true),
  },
  {
    name: 'a new request goes ahead of the waiters',
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
    name: 'a repeated request loses its place in line',
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
    plant: () => patchRead(Line.prototype, 'firstAsking', () => firstOfAll),
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
