import { describe, expect, test } from 'vitest';
import { CALL_COUNTS_MAX_MS, CallLimit } from '../../../src/webhooks/delivery/call-limit.js';
import { ManualClock } from '../../support/manual-clock.js';
import { settleDown } from '../../support/store.js';

describe('the limit of calls that start at the same time', () => {
  test('starts them in turn, even after a call that fails', async () => {
    const limit = new CallLimit(new ManualClock(), 2);
    const started: number[] = [];
    const ends: (() => void)[] = [];
    const run = (task: number, isFailing = false): Promise<void> =>
      limit.run(async () => {
        started.push(task);
        await new Promise<void>((resolve) => ends.push(resolve));
        if (isFailing) throw new Error('no');
      });
    const failing = run(1, true).catch(() => 'failed');
    const others = [run(2), run(3), run(4)];
    await settleDown();
    expect(started).toEqual([1, 2]);
    ends[0]?.();
    expect(await failing).toBe('failed');
    await settleDown();
    expect(started).toEqual([1, 2, 3]);
    for (const end of ends) end();
    await settleDown();
    expect(started).toEqual([1, 2, 3, 4]);
    ends.at(-1)?.();
    await Promise.all(others);
  });

  test('no longer counts a call that takes too long, once', async () => {
    const clock = new ManualClock();
    const limit = new CallLimit(clock, 1);
    const started: number[] = [];
    const ends: (() => void)[] = [];
    const tasks = [1, 2, 3].map((task) =>
      limit.run(async () => {
        started.push(task);
        await new Promise<void>((resolve) => ends.push(resolve));
      }),
    );
    clock.advance(CALL_COUNTS_MAX_MS - 1);
    await settleDown();
    expect(started).toEqual([1]);
    clock.advance(1);
    await settleDown();
    expect(started).toEqual([1, 2]);
    ends[0]?.();
    await settleDown();
    expect(started).toEqual([1, 2]);
    ends[1]?.();
    await settleDown();
    expect(started).toEqual([1, 2, 3]);
    ends[2]?.();
    await Promise.all(tasks);
  });
});
