import { StateReads } from '../../../../src/core/state/state-reads.js';
import { patch, type Bug } from './bug.js';

export const LAW_BUGS: readonly Bug[] = [
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
    name: 'a quota counts leases that have ended',
    plant: () => patch(StateReads.prototype, 'isAnyDeadlinePast', () => () => false),
  },
];
