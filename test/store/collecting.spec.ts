import { expect, test } from 'vitest';
import { LIFELONG } from '../../src/journal/tenure.js';
import { GroupCommit } from '../../src/store/commit/group-commit.js';
import { ManualClock } from '../support/manual-clock.js';

const COLLECTING_MS_MAX = 2;

/** How many commits have begun when a caller arrives so long after the first one, in the same turn of the event loop. */
function commitsAfter(delayMs: number): number {
  const clock = new ManualClock();
  let commits = 0;
  const commit = (): Promise<void> => {
    commits += 1;
    return Promise.resolve();
  };
  const group = new GroupCommit(clock, {
    confirmedReads: false,
    tenure: () => LIFELONG,
    commit,
    onCommitted: () => undefined,
    onFailure: () => undefined,
  });
  void group.added();
  clock.advance(delayMs);
  void group.added();
  return commits;
}

test('a group is collected up to its time, and committed at once after it', () => {
  expect(commitsAfter(COLLECTING_MS_MAX)).toBe(0);
  expect(commitsAfter(COLLECTING_MS_MAX + 0.25)).toBe(1);
});
