import { describe, expect, test } from 'vitest';
import { STALLED_MS } from '../../src/store/commit/group-commit.js';
import { CommitRig } from '../support/commit-rig.js';
import { settleDown, type Watched } from '../support/store.js';

describe('on a database that others can lead', () => {
  const COMMIT_EVERY_MS = 750;

  function rigThatIsSureFor(ms: number): CommitRig {
    const rig = new CommitRig();
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

  test('a caller that joins a commit waits for another one if that one was sent too long before', async () => {
    const rig = rigThatIsSureFor(2_500);
    const writer = rig.add('a');
    await settleDown();
    rig.clock.advance(4_000);
    const reader = rig.watch('reader', rig.group.settled());
    await rig.commit(0).succeed();
    expect([writer.status, reader.status, rig.commits.length]).toEqual(['resolved', 'pending', 2]);
    await rig.commit(1).succeed();
    expect(reader.status).toBe('resolved');
  });

  test('a caller that joins a commit is answered with it while the process is sure', async () => {
    const rig = rigThatIsSureFor(2_500);
    rig.add('a');
    await settleDown();
    rig.clock.advance(2_000);
    const reader = rig.watch('reader', rig.group.settled());
    await rig.commit(0).succeed();
    expect([reader.status, rig.commits.length]).toEqual(['resolved', 1]);
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

describe('with confirmed reads', () => {
  test('a caller without changes waits for a commit, although the process is sure that it leads', async () => {
    const rig = new CommitRig({ confirmedReads: true });
    const reader = rig.watch('reader', rig.group.settled());
    await settleDown();
    expect([reader.status, rig.commits.map(({ readers }) => readers)]).toEqual(['pending', [[]]]);
    await rig.commit(0).succeed();
    expect([reader.status, rig.commits.length]).toEqual(['resolved', 1]);
  });

  test('callers that come during a commit share the next one', async () => {
    const rig = new CommitRig({ confirmedReads: true });
    const writer = rig.add('a');
    await settleDown();
    const readers = ['one', 'two'].map((name) => rig.watch(name, rig.group.settled()));
    await rig.commit(0).succeed();
    expect([writer, ...readers].map(({ status }) => status)).toEqual(['resolved', 'pending', 'pending']);
    await rig.commit(1).succeed();
    expect([readers.map(({ status }) => status), rig.commits.length]).toEqual([['resolved', 'resolved'], 2]);
  });

  test('callers are refused while a commit is stalled', async () => {
    const rig = new CommitRig({ confirmedReads: true });
    rig.add('a');
    await settleDown();
    rig.clock.advance(STALLED_MS);
    rig.group.tend(750);
    const reader = rig.watch('reader', rig.group.settled());
    await settleDown();
    expect(reader).toMatchObject({ status: 'rejected', reason: { code: 'store_unavailable' } });
  });
});

describe('a commit that takes very long', () => {
  const UNKNOWN = { status: 'rejected', reason: { code: 'store_unavailable', retryAfterMs: 1000 } };

  async function stalledRig(): Promise<{ rig: CommitRig; early: Watched<void>[] }> {
    const rig = new CommitRig();
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

  test('does not end the process if callers drop their promises', async () => {
    const { rig } = await stalledRig();
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    void rig.group.settled();
    void rig.group.added();
    await rig.commit(0).fail(new Error('disk'));
    void rig.group.settled();
    void rig.group.added();
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });

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
    const rig = new CommitRig();
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
