import type { RowChanges } from '../../src/journal/row-changes.js';
import { LIFELONG, type Tenure } from '../../src/journal/tenure.js';
import { GroupCommit, type CommittedGroup } from '../../src/store/commit/group-commit.js';
import { ManualClock } from './manual-clock.js';
import { settleDown, watch, type Watched } from './store.js';

export interface Commit {
  readonly readers: string[];
  readonly succeed: () => Promise<void>;
  readonly fail: (error: Error) => Promise<void>;
}

/** Group commit over a disk that does nothing on its own. */
export class CommitRig {
  readonly clock = new ManualClock();
  readonly commits: Commit[] = [];
  readonly committed: CommittedGroup[] = [];
  readonly failures: unknown[] = [];
  readonly log: string[] = [];
  tenure: Tenure = LIFELONG;
  readonly group: GroupCommit;

  constructor({ confirmedReads = false } = {}) {
    this.group = new GroupCommit(this.clock, { confirmedReads, ...this.#hooks });
  }

  readonly #hooks = {
    tenure: () => this.tenure,
    commit: (rows: RowChanges) =>
      new Promise<void>((resolve, reject) => {
        const readers = cursorsIn(rows);
        this.log.push(`commit ${readers.join()}`);
        this.commits.push({
          readers,
          succeed: () => settled(() => resolve()),
          fail: (error) => settled(() => reject(error)),
        });
      }),
    onCommitted: (group: CommittedGroup) => {
      this.log.push(`committed ${cursorsIn(group.rows).join()}`);
      this.committed.push(group);
    },
    onFailure: (error: unknown) => void this.failures.push(error),
  };

  /** Adds a row that differs from the others. */
  add(reader: string): Watched<void> {
    this.group.rows.put('cursors', { reader, sequence: 1 });
    return this.watch(reader, this.group.added());
  }

  watch(name: string, promise: Promise<void>): Watched<void> {
    const answered = promise.then(() => void this.log.push(`answered ${name}`));
    return watch(answered);
  }

  commit(index: number): Commit {
    const commit = this.commits[index];
    if (commit === undefined) throw new Error(`commit ${index} has not begun`);
    return commit;
  }
}

function cursorsIn(rows: RowChanges): string[] {
  return rows.of('cursors').put.map(({ reader }) => reader);
}

async function settled(action: () => void): Promise<void> {
  action();
  await settleDown();
}
