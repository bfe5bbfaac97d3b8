import type { Command } from '../../../../src/core/model/command.js';
import type { UserId } from '../../../../src/core/model/ids.js';
import type { Instant } from '../../../../src/core/model/time.js';
import { Holders } from '../../../../src/core/state/holders.js';
import type { HolderEntry } from '../../../../src/core/state/lease-record.js';
import { LinkedList } from '../../../../src/core/state/linked-list.js';
import { Slots } from '../../../../src/core/state/slots.js';
import { StateReads } from '../../../../src/core/state/state-reads.js';
import { Transition } from '../../../../src/core/transition.js';
import { aroundCommand, hideLines, patch, patchRead, together, type Bug } from './bug.js';

function isOfReader(command: Command | null): boolean {
  return command?.kind === 'acquire' && command.request.wants[0].demand.mode === 'shared';
}

function leaseCountOf(this: StateReads, userId: UserId): number {
  return new Set(this.heldLocksOfUser(userId, '', null, 0 as Instant).map(({ lease }) => lease)).size;
}

export const MODE_BUGS: readonly Bug[] = [
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
    plant: () => patch(StateReads.prototype, 'lockCountOf', () => leaseCountOf),
  },
];
