import { describe, expect, test } from 'vitest';
import { GroupCommit, STALLED_MS, type CommittedGroup } from '../../src/store/commit/group-commit.js';
import type { RowChanges } from '../../src/journal/row-changes.js';
import { LIFELONG, type Tenure } from '../../src/journal/tenure.js';
import { ManualClock } from '../support/manual-clock.js';
import { settleDown, watch, type Watched } from '../support/store.js';

interface Commit {
  readonly readers: string[];
  readonly succeed: () => Promise<void>;
  readonly fail: (error: Error) => Promise<void>;
}

/** Group commit over a disk that does nothing on its own. */
class Rig {
  readonly clock = new ManualClock();
  readonly commits: Commit[] = [];
  readonly committed: CommittedGroup[] = [];
  readonly failures: unknown[] = [];
  readonly log: string[] = [];
  tenure: Tenure = LIFELONG;
  readonly group = new GroupCommit(this.clock, {
    tenure: () => this.tenure,
    commit: (rows) =>
      new Promise((resolve, reject) => {
        const readers = cursorsIn(rows);
        this.log.push(`commit ${readers.join()}`);
        this.commits.push({
          readers,
          succeed: () => settled(() => resolve()),
          fail: (error) => settled(() => reject(error)),
        });
      }),
    onCommitted: (group) => {
      this.log.push(`committed ${cursorsIn(group.rows).join()}`);
      this.committed.push(group);
    },
    onFailure: (error) => this.failures.push(error),
  });

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

describe('a caller', () => {
  test('is answered only when its commit is durable', async () => {
    const rig = new Rig();
    const caller = rig.add('a');
    await settleDown();
    expect(rig.commits).toHaveLength(1);
    expect(caller.status).toBe('pending');
    await rig.commit(0).succeed();
    expect(caller.status).toBe('resolved');
  });

  test('shares the first commit with all callers of the same turn of the event loop', async () => {
    const rig = new Rig();
    const callers = ['a', 'b', 'c'].map((reader) => rig.add(reader));
    await settleDown();
    expect(rig.commits.map(({ readers }) => readers)).toEqual([['a', 'b', 'c']]);
    await rig.commit(0).succeed();
    expect(callers.map(({ status }) => status)).toEqual(['resolved', 'resolved', 'resolved']);
    expect(rig.committed.map((group) => group.callers)).toEqual([3]);
  });

  test('does not wait for the end of a long turn of the event loop', async () => {
    const rig = new Rig();
    const first = rig.add('a');
    rig.clock.advance(3);
    const second = rig.add('b');
    expect(rig.commits.map(({ readers }) => readers)).toEqual([['a', 'b']]);
    const third = rig.add('c');
    await rig.commit(0).succeed();
    expect([first, second, third].map(({ status }) => status)).toEqual(['resolved', 'resolved', 'pending']);
    await rig.commit(1).succeed();
    expect(third.status).toBe('resolved');
  });

  test('has the disk to itself, even if its commit began before the end of the turn', async () => {
    const rig = new Rig();
    rig.add('a');
    rig.clock.advance(3);
    rig.add('b');
    const next = rig.add('c');
    await settleDown();
    expect(rig.commits.map(({ readers }) => readers)).toEqual([['a', 'b']]);
    await rig.commit(0).succeed();
    expect(rig.commits.map(({ readers }) => readers)).toEqual([['a', 'b'], ['c']]);
    await rig.commit(1).succeed();
    expect(next.status).toBe('resolved');
    expect(rig.commits).toHaveLength(2);
  });

  test('that arrives while the disk is busy joins the next commit, which begins when the first is done', async () => {
    const rig = new Rig();
    const first = rig.add('a');
    await settleDown();
    const later = [rig.add('b'), rig.add('c')];
    await settleDown();
    expect(rig.commits).toHaveLength(1);
    await rig.commit(0).succeed();
    expect(first.status).toBe('resolved');
    expect(later.map(({ status }) => status)).toEqual(['pending', 'pending']);
    expect(rig.commits.map(({ readers }) => readers)).toEqual([['a'], ['b', 'c']]);
    await rig.commit(1).succeed();
    expect(later.map(({ status }) => status)).toEqual(['resolved', 'resolved']);
    expect(rig.commits).toHaveLength(2);
  });

  test('learns of its commit after the observers, and commits are reported in order', async () => {
    const rig = new Rig();
    rig.add('a');
    await settleDown();
    rig.add('b');
    await rig.commit(0).succeed();
    await rig.commit(1).succeed();
    expect(rig.log).toEqual([
      'commit a',
      'commit b',
      'committed a',
      'answered a',
      'committed b',
      'answered b',
    ]);
  });

  test('has its rows committed with those of the others, and the last change of a key wins', async () => {
    const rig = new Rig();
    rig.group.rows.put('cursors', { reader: 'a', sequence: 1 });
    rig.watch('first', rig.group.added());
    rig.group.rows.put('cursors', { reader: 'a', sequence: 2 });
    rig.watch('second', rig.group.added());
    await settleDown();
    await rig.commit(0).succeed();
    expect(rig.committed[0]?.rows.of('cursors').put).toEqual([{ reader: 'a', sequence: 2 }]);
  });

  test('is counted from its call to its answer', async () => {
    const rig = new Rig();
    expect(rig.group.pending).toBe(0);
    rig.add('a');
    rig.add('b');
    expect(rig.group.pending).toBe(2);
    await settleDown();
    rig.add('c');
    expect(rig.group.pending).toBe(3);
    await rig.commit(0).succeed();
    expect(rig.group.pending).toBe(1);
    await rig.commit(1).succeed();
    expect(rig.group.pending).toBe(0);
  });
});

describe('settled', () => {
  test('resolves at once when there is nothing to wait for, and commits nothing', async () => {
    const rig = new Rig();
    rig.watch('reader', rig.group.settled());
    await settleDown();
    expect(rig.commits).toHaveLength(0);
    expect(rig.log).toEqual(['answered reader']);
  });

  test('waits for the running commit', async () => {
    const rig = new Rig();
    rig.add('a');
    await settleDown();
    const reader = rig.watch('reader', rig.group.settled());
    await settleDown();
    expect(reader.status).toBe('pending');
    await rig.commit(0).succeed();
    expect(reader.status).toBe('resolved');
    expect(rig.commits).toHaveLength(1);
  });

  test('waits for rows that are still to be committed', async () => {
    const rig = new Rig();
    rig.add('a');
    await settleDown();
    rig.add('b');
    const reader = rig.watch('reader', rig.group.settled());
    await rig.commit(0).succeed();
    expect(reader.status).toBe('pending');
    await rig.commit(1).succeed();
    expect(reader.status).toBe('resolved');
  });
});

describe('a failed commit is final:', () => {
  const error = new Error('disk');

  test('its callers and those of the next group are refused, and nothing more is committed', async () => {
    const rig = new Rig();
    const failed = rig.add('a');
    await settleDown();
    const next = rig.add('b');
    const reader = rig.watch('reader', rig.group.settled());
    await rig.commit(0).fail(error);
    expect([failed, next, reader].map(({ status, reason }) => [status, reason])).toEqual(
      Array.from({ length: 3 }, () => ['rejected', error]),
    );
    expect(rig.commits).toHaveLength(1);
    expect(rig.committed).toHaveLength(0);
  });

  test('later callers are refused too', async () => {
    const rig = new Rig();
    rig.add('a');
    await settleDown();
    await rig.commit(0).fail(error);
    const later = rig.add('b');
    const reader = rig.watch('reader', rig.group.settled());
    await settleDown();
    expect([later, reader].map(({ status, reason }) => [status, reason])).toEqual([
      ['rejected', error],
      ['rejected', error],
    ]);
    expect(rig.commits).toHaveLength(1);
  });

  test('it is reported once', async () => {
    const rig = new Rig();
    rig.add('a');
    await settleDown();
    rig.add('b');
    await rig.commit(0).fail(error);
    rig.add('c');
    await settleDown();
    expect(rig.failures).toEqual([error]);
  });

  test('earlier answers stay valid', async () => {
    const rig = new Rig();
    const durable = rig.add('a');
    await settleDown();
    rig.add('b');
    await rig.commit(0).succeed();
    await rig.commit(1).fail(error);
    expect(durable.status).toBe('resolved');
  });
});

test('the duration of a commit is reported', async () => {
  const rig = new Rig();
  rig.add('a');
  await settleDown();
  rig.clock.advance(12);
  await rig.commit(0).succeed();
  expect(rig.committed[0]?.durationMs).toBe(12);
});

describe('on a database that others can lead', () => {
  const COMMIT_EVERY_MS = 750;

  function rigThatIsSureFor(ms: number): Rig {
    const rig = new Rig();
    rig.tenure = { sureUntilMs: rig.clock.monotonicMs() + ms, commitEveryMs: COMMIT_EVERY_MS };
    return rig;
  }

  test('a caller without changes is answered at once while the process is sure that it leads', async () => {
    const rig = rigThatIsSureFor(10);
    rig.clock.advance(9);
    const caller = rig.watch('reader', rig.group.settled());
    await settleDown();
    expect([caller.status, rig.commits.length]).toEqual(['resolved', 0]);
  });

  test('otherwise an empty commit finds out', async () => {
    const rig = rigThatIsSureFor(10);
    rig.clock.advance(10);
    const callers = ['one', 'two'].map((name) => rig.watch(name, rig.group.settled()));
    await settleDown();
    expect(callers.map(({ status }) => status)).toEqual(['pending', 'pending']);
    expect(rig.commits.map(({ readers }) => readers)).toEqual([[]]);
    await rig.commit(0).succeed();
    expect(callers.map(({ status }) => status)).toEqual(['resolved', 'resolved']);
  });

  test('a caller without changes fails with the commit that was to find out', async () => {
    const rig = rigThatIsSureFor(0);
    const caller = rig.watch('reader', rig.group.settled());
    await settleDown();
    const deposed = new Error('a newer term');
    await rig.commit(0).fail(deposed);
    expect(caller).toMatchObject({ status: 'rejected', reason: deposed });
  });

  test('an empty commit begins in time if there has been no other', async () => {
    const rig = rigThatIsSureFor(2500);
    rig.clock.advance(COMMIT_EVERY_MS / 2 - 1);
    rig.group.tend(COMMIT_EVERY_MS);
    await settleDown();
    expect(rig.commits).toHaveLength(0);
    rig.clock.advance(1);
    rig.group.tend(COMMIT_EVERY_MS);
    await settleDown();
    expect(rig.commits).toHaveLength(1);
    rig.group.tend(COMMIT_EVERY_MS);
    await rig.commit(0).succeed();
    rig.clock.advance(COMMIT_EVERY_MS / 2 - 1);
    rig.group.tend(COMMIT_EVERY_MS);
    await settleDown();
    expect(rig.commits).toHaveLength(1);
  });
});

describe('a commit that takes very long', () => {
  const UNKNOWN = { status: 'rejected', reason: { code: 'store_unavailable', retryAfterMs: 1000 } };

  async function stalledRig(): Promise<{ rig: Rig; early: Watched<void>[] }> {
    const rig = new Rig();
    const first = rig.add('a');
    await settleDown();
    const second = rig.add('b');
    rig.clock.advance(STALLED_MS - 1);
    rig.group.tend(750);
    await settleDown();
    expect([first.status, second.status, rig.group.isStalled]).toEqual(['pending', 'pending', false]);
    rig.clock.advance(1);
    rig.group.tend(750);
    await settleDown();
    return { rig, early: [first, second] };
  }

  test('is not waited for: everyone learns that the outcome is unknown', async () => {
    const { rig, early } = await stalledRig();
    for (const caller of early) expect(caller).toMatchObject(UNKNOWN);
    expect([rig.group.isStalled, rig.group.pending]).toEqual([true, 0]);
    const reader = rig.watch('reader', rig.group.settled());
    await settleDown();
    expect(reader).toMatchObject(UNKNOWN);
    expect(rig.failures).toEqual([]);
  });

  test('goes on. When it returns, nothing is lost, and everyone is served again', async () => {
    const { rig } = await stalledRig();
    const late = rig.add('c');
    await rig.commit(0).succeed();
    expect([rig.group.isStalled, late.status]).toEqual([false, 'pending']);
    expect(rig.commits.map(({ readers }) => readers)).toEqual([['a'], ['b', 'c']]);
    await rig.commit(1).succeed();
    expect(late.status).toBe('resolved');
    expect(rig.committed.map(({ callers }) => callers)).toEqual([0, 1]);
    await rig.group.settled();
  });

  test('runs the tasks of its rows although no one waits for them now', async () => {
    const rig = new Rig();
    const done: string[] = [];
    rig.group.rows.onDurable(() => done.push('task'));
    const caller = rig.add('a');
    await settleDown();
    rig.clock.advance(STALLED_MS);
    rig.group.tend(750);
    await settleDown();
    expect([caller.status, done]).toEqual(['rejected', []]);
    await rig.commit(0).succeed();
    expect(done).toEqual(['task']);
  });

  test('refuses callers that came after the first were refused', async () => {
    const { rig } = await stalledRig();
    const late = rig.add('c');
    rig.group.tend(750);
    await settleDown();
    expect(late).toMatchObject(UNKNOWN);
  });
});
