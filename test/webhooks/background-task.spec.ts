import { Logger } from '@nestjs/common';
import { describe, expect, test } from 'vitest';
import { BackgroundTask } from '../../src/webhooks/background-task.js';
import { ManualClock } from '../support/manual-clock.js';
import { settleDown } from '../support/store.js';

describe('a background task', () => {
  test('never runs twice at a time, and runs once more if it was woken meanwhile', async () => {
    let running = 0;
    let runs = 0;
    let most = 0;
    const task = new BackgroundTask(new ManualClock(), 'test', async () => {
      runs += 1;
      running += 1;
      most = Math.max(most, running);
      await settleDown();
      running -= 1;
    });
    task.wake();
    task.wake();
    task.wake();
    await settleDown();
    await settleDown();
    await task.stop();
    expect([runs, most]).toEqual([2, 1]);
    task.wake();
    await settleDown();
    expect(runs).toBe(2);
  });

  test('retries a failed task later', async () => {
    Logger.overrideLogger(false);
    const clock = new ManualClock();
    let runs = 0;
    const task = new BackgroundTask(clock, 'test', async () => {
      runs += 1;
      if (runs === 1) throw new Error('not yet');
    });
    task.wake();
    await settleDown();
    expect(runs).toBe(1);
    clock.advance(5_000);
    await settleDown();
    expect(runs).toBe(2);
    expect(clock.pendingTimers).toBe(0);
  });
});
