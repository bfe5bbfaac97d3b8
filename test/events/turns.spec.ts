import { expect, test } from 'vitest';
import type { UserId } from '../../src/core/model/ids.js';
import { Turns, type Step } from '../../src/events/turns.js';
import { ManualClock } from '../support/manual-clock.js';

const [ann, bob] = ['ann' as UserId, 'bob' as UserId];

/** Work in steps. Each step takes a tenth of a millisecond. */
function work(clock: ManualClock, done: string[], name: string, steps: number): Step {
  let left = steps;
  return () => {
    done.push(name);
    clock.advance(0.1);
    left -= 1;
    return left === 0;
  };
}

test('users take turns, no matter how much work each of them has', async () => {
  const clock = new ManualClock();
  const turns = new Turns(clock, () => false);
  const done: string[] = [];
  const many = Array.from({ length: 100 }, (_, index) =>
    turns.run(ann, work(clock, done, `ann ${index}`, 2)),
  );
  await turns.run(bob, work(clock, done, 'bob', 3));
  const before = done.slice(0, done.lastIndexOf('bob'));
  expect(before.filter((name) => name.startsWith('ann')).length).toBeLessThanOrEqual(3);
  await Promise.all(many);
  expect(done).toHaveLength(203);
});

test('other input is handled after a fraction of a millisecond', async () => {
  const clock = new ManualClock();
  const turns = new Turns(clock, () => false);
  const done: string[] = [];
  const all = turns.run(ann, work(clock, done, 'step', 20));
  clock.afterBacklog(() => done.push('other'));
  await new Promise<void>((resolve) => clock.afterBacklog(resolve));
  expect(done.slice(0, 7)).toContain('other');
  await all;
});

test('a busy server spends part of its time on streams, so that they do not starve', async () => {
  const clock = new ManualClock();
  const turns = new Turns(clock, () => false);
  const done: string[] = [];
  const all = turns.run(ann, work(clock, done, 'step', 100));
  clock.advance(50);
  await new Promise<void>((resolve) => clock.afterBacklog(resolve));
  expect(done.length).toBeGreaterThanOrEqual(95);
  expect(done.length).toBeLessThanOrEqual(100);
  await all;
});

test('while others wait for a commit, streams get half of the time', async () => {
  const clock = new ManualClock();
  let areOthersWaiting = true;
  const turns = new Turns(clock, () => areOthersWaiting);
  const done: string[] = [];
  const backlog = (): Promise<void> => new Promise((resolve) => clock.afterBacklog(resolve));
  const all = turns.run(ann, work(clock, done, 'step', 20));
  await backlog();
  const first = done.length;
  for (let times = 0; times < 3; times += 1) await backlog();
  expect(done).toHaveLength(first);
  clock.advance(1);
  expect(done.length).toBeGreaterThan(first);
  areOthersWaiting = false;
  await all;
  expect(clock.pendingTimers).toBe(0);
});

test('failing work does not affect the work of others', async () => {
  const turns = new Turns(new ManualClock(), () => false);
  const failing = turns.run(ann, () => {
    throw new Error('broken');
  });
  await expect(failing).rejects.toThrow('broken');
  await expect(turns.run(bob, () => true)).resolves.toBeUndefined();
});
