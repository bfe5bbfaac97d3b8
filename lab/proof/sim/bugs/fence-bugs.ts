import { StateReads } from '../../../../src/core/state/state-reads.js';
import { SimDisk } from '../world/disk.js';
import { patch, type Bug } from './bug.js';
import { forgetAtRestart } from './durability-bugs.js';

export const FENCE_BUGS: readonly Bug[] = [
  {
    name: 'a fence goes back',
    plant: () => patch(StateReads.prototype, 'fence', () => () => null),
  },
  {
    name: 'fences are not restored',
    plant: () => forgetAtRestart('fences'),
  },
  {
    // Only clients notice it: what is decided, written and loaded agrees.
    name: 'the disk does not keep fences',
    plant: () =>
      patch(
        SimDisk.prototype,
        'write',
        (original) =>
          function write(this: SimDisk, batch) {
            original.call(this, batch);
            this.fences.clear();
          },
      ),
  },
];
