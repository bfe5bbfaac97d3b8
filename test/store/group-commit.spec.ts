import { describe, expect, test } from 'vitest';
import { CommitRig } from '../support/commit-rig.js';
import { settleDown } from '../support/store.js';

describe('a caller', () => {
  test('is answered only when its commit is durable', async () => {
    const rig = new CommitRig();
    const caller = rig.add('a');
    await settleDown();
    expect(rig.commits).toHaveLength(1);
    expect(caller.status).toBe('pending');
    await rig.commit(0).succeed();
    expect(caller.status).toBe('resolved');
  });

  test('shares the first commit with all callers of the same turn of the event loop', async () => {
    const rig = new CommitRig();
    const callers = ['a', 'b', 'c'].map((reader) => rig.add(reader));
    await settleDown();
    expect(rig.commits.map(({ readers }) => readers)).toEqual([['a', 'b', 'c']]);
    await rig.commit(0).succeed();
    expect(callers.map(({ status }) => status)).toEqual(['resolved', 'resolved', 'resolved']);
    expect(rig.committed.map((group) => group.callers)).toEqual([3]);
  });

  test('does not wait for the end of a long turn of the event loop', async () => {
    const rig = new CommitRig();
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
    const rig = new CommitRig();
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
    const rig = new CommitRig();
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
    const rig = new CommitRig();
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
    const rig = new CommitRig();
    rig.group.rows.put('cursors', { reader: 'a', sequence: 1 });
    rig.watch('first', rig.group.added());
    rig.group.rows.put('cursors', { reader: 'a', sequence: 2 });
    rig.watch('second', rig.group.added());
    await settleDown();
    await rig.commit(0).succeed();
    expect(rig.committed[0]?.rows.of('cursors').put).toEqual([{ reader: 'a', sequence: 2 }]);
  });

  test('is counted from its call to its answer', async () => {
    const rig = new CommitRig();
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
    const rig = new CommitRig();
    rig.watch('reader', rig.group.settled());
    await settleDown();
    expect(rig.commits).toHaveLength(0);
    expect(rig.log).toEqual(['answered reader']);
  });

  test('waits for the running commit', async () => {
    const rig = new CommitRig();
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
    const rig = new CommitRig();
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
    const rig = new CommitRig();
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
    const rig = new CommitRig();
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
    const rig = new CommitRig();
    rig.add('a');
    await settleDown();
    rig.add('b');
    await rig.commit(0).fail(error);
    rig.add('c');
    await settleDown();
    expect(rig.failures).toEqual([error]);
  });

  test('earlier answers stay valid', async () => {
    const rig = new CommitRig();
    const durable = rig.add('a');
    await settleDown();
    rig.add('b');
    await rig.commit(0).succeed();
    await rig.commit(1).fail(error);
    expect(durable.status).toBe('resolved');
  });
});

test('the duration of a commit is reported', async () => {
  const rig = new CommitRig();
  rig.add('a');
  await settleDown();
  rig.clock.advance(12);
  await rig.commit(0).succeed();
  expect(rig.committed[0]?.durationMs).toBe(12);
});
