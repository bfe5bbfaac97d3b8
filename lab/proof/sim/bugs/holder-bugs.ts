import { EXCLUSIVE } from '../../../../src/core/model/demand.js';
import type { FencingToken } from '../../../../src/core/model/ids.js';
import { termsWithHold, type Lease } from '../../../../src/core/model/lease.js';
import type { LockName } from '../../../../src/core/model/lock-name.js';
import { Holders } from '../../../../src/core/state/holders.js';
import { LinkedList } from '../../../../src/core/state/linked-list.js';
import type { HolderEntry } from '../../../../src/core/state/lease-record.js';
import { State } from '../../../../src/core/state/state.js';
import { StateReads } from '../../../../src/core/state/state-reads.js';
import { Transition } from '../../../../src/core/transition.js';
import { aroundCommand, leaveLocksFree, patch, patchRead, together, type Bug } from './bug.js';
import { forgetAtRestart } from './durability-bugs.js';

function claimWithoutToken(this: Transition, lease: Lease, lockName: LockName): Lease {
  return this.convert(lease, termsWithHold(lease, lockName, EXCLUSIVE));
}

/** Bugs in what others do to a holder, and in what a holder does to its lock without letting go of it. */
export const HOLDER_BUGS: readonly Bug[] = [
  {
    name: 'an upgrade keeps its token',
    plant: () => patch(Transition.prototype, 'claim', () => claimWithoutToken),
  },
  {
    name: 'a holder is upgraded beside another',
    plant: () => {
      let isConverting = false;
      return together(
        aroundCommand((command) => (isConverting = command?.kind === 'convert')),
        patchRead(
          LinkedList.prototype as LinkedList<HolderEntry>,
          'length',
          (read) =>
            function length() {
              return isConverting && this instanceof Holders ? 1 : read(this);
            },
        ),
      );
    },
  },
  {
    name: 'no reader joins a lock that is shared from now on',
    plant: () => leaveLocksFree(['convert']),
  },
  {
    name: 'a lock is left free when its lease is broken',
    plant: () => leaveLocksFree(['break']),
  },
  {
    name: 'it is forgotten that a lease was broken',
    plant: () => patch(StateReads.prototype, 'brokenLeasesWithId', () => () => []),
  },
  {
    name: 'a restart forgets which leases were broken',
    plant: () => forgetAtRestart('broken_leases'),
  },
  {
    name: 'a request to release is not kept',
    plant: () => patch(State.prototype, 'requestRelease', () => () => undefined),
  },
  {
    name: 'a request to release reaches those who came after it',
    plant: () =>
      patch(
        State.prototype,
        'requestRelease',
        (original) =>
          function requestRelease(this: State, lockName, request) {
            original.call(this, lockName, { ...request, through: Number.MAX_SAFE_INTEGER as FencingToken });
          },
      ),
  },
];
