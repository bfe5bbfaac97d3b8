import { describe, expect, test } from 'vitest';
import { ManualClock } from '../support/manual-clock.js';

describe('the clock of the tests', () => {
  test('runs timers in the order of their times, each at its own time', () => {
    const clock = new ManualClock();
    const start = clock.monotonicMs();
    const ran: [string, number][] = [];
    const note = (name: string) => (): void => void ran.push([name, clock.monotonicMs() - start]);
    clock.after(20, note('b'));
    clock.after(10, note('a'));
    clock.after(20, note('c'));
    clock.after(5, () => clock.after(7, note('set by a timer')));
    clock.after(31, note('later'));
    clock.advance(30);
    expect(ran).toEqual([
      ['a', 10],
      ['set by a timer', 12],
      ['b', 20],
      ['c', 20],
    ]);
    expect(clock.pendingTimers).toBe(1);
    expect(clock.monotonicMs()).toBe(start + 30);
  });

  test('never runs a timer that was cancelled', () => {
    const clock = new ManualClock();
    let runs = 0;
    const cancel = clock.after(5, () => (runs += 1));
    cancel();
    clock.advance(10);
    cancel();
    expect([runs, clock.pendingTimers]).toEqual([0, 0]);
  });

  test('keeps the wall clock apart from the time that passes', () => {
    const clock = new ManualClock();
    const [monotonic, wall] = [clock.monotonicMs(), clock.wallMs()];
    clock.jumpWall(-1_000);
    clock.advance(10);
    expect([clock.monotonicMs() - monotonic, clock.wallMs() - wall]).toEqual([10, -990]);
  });

  test('starts again with a reboot', () => {
    const clock = new ManualClock();
    const [boot, wall] = [clock.bootId(), clock.wallMs()];
    clock.after(5, () => undefined);
    clock.advance(3);
    clock.reboot(60_000);
    expect(clock.bootId()).not.toBe(boot);
    expect([clock.monotonicMs() < 1_000, clock.wallMs() - wall, clock.pendingTimers]).toEqual([
      true,
      60_003,
      0,
    ]);
  });

  test('defers a task until the work at hand is done', async () => {
    const clock = new ManualClock();
    const order: string[] = [];
    const deferred = new Promise<void>((resolve) => {
      clock.defer(() => {
        order.push('deferred');
        resolve();
      });
    });
    await Promise.resolve().then(() => order.push('at hand'));
    await deferred;
    expect(order).toEqual(['at hand', 'deferred']);
  });
});
