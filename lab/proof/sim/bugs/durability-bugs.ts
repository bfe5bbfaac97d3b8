import type { TableName } from '../../../../src/journal/tables.js';
import { EventLogBounds } from '../../../../src/store/log/event-log-bounds.js';
import { GroupCommit } from '../../../../src/store/commit/group-commit.js';
import { SimJournal } from '../world/disk.js';
import { patch, type Bug } from './bug.js';

/** Has a start load no rows of a table. */
export function forgetAtRestart(forgotten: TableName): () => void {
  return patch(
    SimJournal.prototype,
    'pages',
    (original) =>
      async function* pages(this: SimJournal, table) {
        for await (const rows of original.call(this, table)) if (table !== forgotten) yield rows;
      } as typeof original,
  );
}

export const DURABILITY_BUGS: readonly Bug[] = [
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
    plant: () => forgetAtRestart('sessions'),
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
