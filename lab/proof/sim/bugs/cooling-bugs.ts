import type { Command } from '../../../../src/core/model/command.js';
import type { LockName } from '../../../../src/core/model/lock-name.js';
import { Coolings } from '../../../../src/core/state/coolings.js';
import { Transition } from '../../../../src/core/transition.js';
import { aroundCommand, patch, together, type Bug } from './bug.js';
import { forgetAtRestart } from './durability-bugs.js';

/** Has no lock cool after a lease that ends in the step of such a command. */
function withoutCooling(isMeant: (command: Command) => boolean): () => void {
  let isForgetful = false;
  return together(
    aroundCommand((command) => (isForgetful = command !== null && isMeant(command))),
    patch(
      Transition.prototype,
      'beginCooling',
      (original) =>
        function beginCooling(this: Transition, lease, lockNames, until) {
          if (!isForgetful) original.call(this, lease, lockNames, until);
        },
    ),
  );
}

export const COOLING_BUGS: readonly Bug[] = [
  {
    name: 'a lock is left free after it has cooled',
    plant: () => {
      let cooled: LockName | null = null;
      return together(
        aroundCommand(() => (cooled = null)),
        patch(
          Transition.prototype,
          'endCooling',
          (original) =>
            function endCooling(this: Transition, cooling) {
              cooled = cooling.lockName;
              original.call(this, cooling);
            },
        ),
        patch(
          Transition.prototype,
          'mayServe',
          (original) =>
            function mayServe(this: Transition, lock) {
              return lock.name !== cooled && original.call(this, lock);
            },
        ),
      );
    },
  },
  {
    name: 'a restart forgets which locks cool',
    plant: () => forgetAtRestart('coolings'),
  },
  {
    name: 'a release ignores the minimum hold',
    plant: () => withoutCooling(({ kind }) => kind === 'release'),
  },
  {
    name: 'a closed session ignores the minimum hold',
    plant: () => withoutCooling(({ kind }) => kind === 'close_session'),
  },
  {
    name: 'a lock does not cool after a break',
    plant: () => withoutCooling(({ kind }) => kind === 'break'),
  },
  {
    name: 'a lock that cools is granted',
    plant: () => patch(Transition.prototype, 'beginCooling', () => () => undefined),
  },
  {
    name: 'the quota does not count locks that cool',
    plant: () =>
      together(
        patch(Coolings.prototype, 'countOf', () => () => 0),
        patch(Coolings.prototype, 'liveCountOf', () => () => 0),
      ),
  },
];
