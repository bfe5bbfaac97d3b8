import { LockStore } from '../../../../src/store/lock-store.js';
import { Timeline } from '../../../../src/store/timeline.js';
import { MachineClock } from '../../../kit/world/machine-clock.js';
import { patch, type Bug } from './bug.js';

function readWallClock(this: MachineClock): number {
  return this.wallMs();
}

export const TIME_BUGS: readonly Bug[] = [
  {
    name: 'deadlines on the wall clock',
    plant: () => patch(MachineClock.prototype, 'monotonicMs', () => readWallClock),
  },
  {
    name: 'a restart in the same boot trusts the wall clock',
    plant: () => patch(MachineClock.prototype, 'bootId', () => () => null),
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
