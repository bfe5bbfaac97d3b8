import type { Patch } from '../../kit/server/test-build.js';
import { FAULTS } from './attack.js';
import type { Fault } from './fault.js';

/** A bug that shows only with several replicas. */
export interface ReplicaBug {
  readonly name: string;
  /** What makes it show. */
  readonly kinds: readonly Fault[];
  readonly patches: readonly Patch[];
}

/** Every bug that the proof must notice. */
export const REPLICA_BUGS: readonly ReplicaBug[] = [
  {
    name: 'a standby repeats requests that may have been carried out',
    kinds: named('leader killed and started at once'),
    patches: [
      {
        file: 'replica/forward/request-kind.js',
        find: 'return isRead(request) || isAt(',
        replace: 'return true || isRead(request) || isAt(',
      },
    ],
  },
  {
    name: 'a commit that PostgreSQL warns about counts as durable',
    kinds: named('waits for the standby cancelled, standby promoted'),
    patches: [
      {
        file: 'journal/postgres/term/settler.js',
        find: "return isWarned ? 'visible' : 'durable';",
        replace: "return 'durable';",
      },
    ],
  },
  {
    name: 'a leader answers reads although it cannot be sure that it leads',
    kinds: named('leader asked while it is cut off from the database'),
    patches: [
      {
        file: 'store/commit/group-commit.js',
        find: 'settled() {',
        replace: 'settled() { if (!this.#filling.hasChanges) return Promise.resolve();',
      },
      // Something is nearly always due on a leader that cannot commit. It would hide the bug.
      { file: 'store/lock-store.js', find: 'state.isAnythingDue(now)', replace: 'false' },
    ],
  },
];

function named(name: string): readonly Fault[] {
  const kinds = FAULTS.filter((fault) => fault.name === name);
  if (kinds.length === 0) throw new Error(`there is no fault named "${name}"`);
  return kinds;
}
