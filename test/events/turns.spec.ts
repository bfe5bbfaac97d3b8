import { expect, test } from 'vitest';
import type { UserId } from '../../src/core/ids.js';
import { Turns, type Step } from '../../src/events/turns.js';
import { ManualClock } from '../support/manual-clock.js';

const [ann, bob] = ['ann' as UserId, 'bob' as UserId];

/** Work of some steps, each of which takes a tenth of a millisecond. */
function work(clock: ManualClock, done: string[], name: string, steps: number): Step {
  let left = steps;
  return () => {
    done.push(name);
    clock.advance(0.1);
    left -= 1;
    return left === 0;
  };
}

test('users take turns, however much work each of them has', async () => {
  const clock = new ManualClock();
  const turns = new Turns(clock);
  const done: string[] = [];
  const many = Array.from({ length: 100 }, (_, index) =>
    turns.run(ann, work(clock, done, `ann ${index}`, 2)),
  );
  await turns.run(bob, work(clock, done, 'bob', 3));
  expect(done.filter((name) => name.startsWith('ann')).length).toBeLessThanOrEqual(3);
  await Promise.all(many);
  expect(done).toHaveLength(203);
});

test('other input has its turn after a fraction of a millisecond', async () => {
  const clock = new ManualClock();
  const turns = new Turns(clock);
  const done: string[] = [];
  const all = turns.run(ann, work(clock, done, 'step', 20));
  clock.afterBacklog(() => done.push('other'));
  await new Promise<void>((resolve) => clock.afterBacklog(resolve));
  expect(done.slice(0, 4)).toContain('other');
  await all;
});

test('a busy server gives them a part of its time, so that they do not starve', async () => {
  const clock = new ManualClock();
  const turns = new Turns(clock);
  const done: string[] = [];
  const all = turns.run(ann, work(clock, done, 'step', 100));
  clock.advance(50);
  await new Promise<void>((resolve) => clock.afterBacklog(resolve));
  expect(done.length).toBeGreaterThanOrEqual(95);
  expect(done.length).toBeLessThanOrEqual(100);
  await all;
});

test('work that fails is no trouble for others', async () => {
  const turns = new Turns(new ManualClock());
  const failing = turns.run(ann, () => {
    throw new Error('broken');
  });
  await expect(failing).rejects.toThrow('broken');
  await expect(turns.run(bob, () => true)).resolves.toBeUndefined();
});
