import { describe, expect, test } from 'vitest';
import { afterSeconds, isPast } from '../../src/core/model/time.js';
import { Timeline } from '../../src/store/timeline.js';
import { ManualClock } from '../support/manual-clock.js';

const DAY_MS = 86_400_000;
const FRESH = { bootId: null, monotonicOffset: 0, wallSkew: 0, lastInstant: 0 };

/** The timeline of the next process, after the values that the last one stored. */
function restarted(clock: ManualClock, timeline: Timeline, lastInstant: number = timeline.now()): Timeline {
  return new Timeline(clock, { ...timeline.anchor, lastInstant });
}

describe('at the first start', () => {
  test('instants are wall-clock times', () => {
    const clock = new ManualClock();
    const timeline = new Timeline(clock, FRESH);
    expect(timeline.now()).toBe(clock.wallMs());
    expect(timeline.toWallMs(timeline.now())).toBe(clock.wallMs());
  });

  test('instants are whole milliseconds, and a deadline is past only when all of its time has passed', () => {
    for (const fraction of [0, 0.1, 0.25, 0.5, 0.75, 0.999]) {
      const clock = new ManualClock();
      clock.advance(fraction);
      const timeline = new Timeline(clock, FRESH);
      const deadline = afterSeconds(timeline.now(), 1);
      expect(Number.isInteger(deadline)).toBe(true);
      let gone = 0;
      for (; !isPast(deadline, timeline.now()); gone += 0.125) clock.advance(0.125);
      expect(gone).toBeGreaterThanOrEqual(1_000);
      expect(gone).toBeLessThanOrEqual(1_001);
    }
  });
});

describe('setting the wall clock', () => {
  test.each([DAY_MS, -DAY_MS, 250, -250])(
    'by %i ms moves no instant, and clients see the new time',
    (jump) => {
      const clock = new ManualClock();
      const timeline = new Timeline(clock, FRESH);
      const before = timeline.now();
      const deadline = afterSeconds(before, 60);
      clock.jumpWall(jump);
      expect(timeline.now()).toBe(before);
      expect(timeline.followWallClock()).toBe(jump);
      expect(timeline.now()).toBe(before);
      expect(timeline.toWallMs(deadline)).toBe(clock.wallMs() + 60_000);
      clock.advance(1_000);
      expect(timeline.now()).toBe(before + 1_000);
    },
  );

  test('is noticed once', () => {
    const clock = new ManualClock();
    const timeline = new Timeline(clock, FRESH);
    clock.jumpWall(5_000);
    expect(timeline.followWallClock()).toBe(5_000);
    expect(timeline.followWallClock()).toBe(0);
    clock.jumpWall(-5_000);
    expect(timeline.followWallClock()).toBe(-5_000);
  });

  test.each([249, -249])('by very little (%i ms) is not a jump', (jump) => {
    const clock = new ManualClock();
    const timeline = new Timeline(clock, FRESH);
    clock.jumpWall(jump);
    expect(timeline.followWallClock()).toBe(0);
    expect(timeline.anchor.wallSkew).toBe(0);
  });
});

describe('after a restart in the same boot', () => {
  test.each([0, DAY_MS, -DAY_MS])(
    'the timeline continues where it was, with a wall clock set by %i ms',
    (jump) => {
      const clock = new ManualClock();
      const timeline = new Timeline(clock, FRESH);
      const before = timeline.now();
      clock.jumpWall(jump);
      clock.advance(4_000);
      const next = restarted(clock, timeline, before);
      expect(next.now()).toBe(before + 4_000);
      expect(next.toWallMs(next.now())).toBe(clock.wallMs());
    },
  );

  test('a jump before the restart is still known', () => {
    const clock = new ManualClock();
    const timeline = new Timeline(clock, FRESH);
    clock.jumpWall(DAY_MS);
    timeline.followWallClock();
    const next = restarted(clock, timeline);
    expect(next.now()).toBe(timeline.now());
    expect(next.toWallMs(next.now())).toBe(clock.wallMs());
  });
});

describe('after a reboot', () => {
  test('the wall clock shows how long it took', () => {
    const clock = new ManualClock();
    const timeline = new Timeline(clock, FRESH);
    const before = timeline.now();
    clock.reboot(60_000);
    const next = restarted(clock, timeline, before);
    expect(next.now()).toBe(before + 60_000);
    expect(next.anchor.bootId).toBe(clock.bootId());
  });

  test('a jump that was known before does not count as time', () => {
    const clock = new ManualClock();
    const timeline = new Timeline(clock, FRESH);
    clock.jumpWall(DAY_MS);
    timeline.followWallClock();
    const before = timeline.now();
    clock.reboot(60_000);
    expect(restarted(clock, timeline, before).now()).toBe(before + 60_000);
  });

  test('the timeline never goes back, however the wall clock was set', () => {
    const clock = new ManualClock();
    const timeline = new Timeline(clock, FRESH);
    clock.advance(10_000);
    const before = timeline.now();
    clock.jumpWall(-DAY_MS);
    clock.reboot(60_000);
    const next = restarted(clock, timeline, before);
    expect(next.now()).toBeGreaterThanOrEqual(before);
    expect(next.now()).toBeLessThanOrEqual(before + 1);
    expect(Math.abs(next.toWallMs(next.now()) - clock.wallMs())).toBeLessThanOrEqual(1);
    const later = next.now();
    clock.advance(1_000);
    expect(next.now()).toBe(later + 1_000);
  });
});

test('on a machine without boot ids every restart counts as a reboot', () => {
  class Anonymous extends ManualClock {
    override bootId(): string | null {
      return null;
    }
  }
  const clock = new Anonymous();
  const timeline = new Timeline(clock, FRESH);
  const before = timeline.now();
  clock.reboot(5_000);
  expect(restarted(clock, timeline, before).now()).toBe(before + 5_000);
});

test('in the same boot the timeline does not go back behind the last commit either', () => {
  const clock = new ManualClock();
  const timeline = new Timeline(clock, FRESH);
  const ahead = timeline.now() + 5_000;
  expect(restarted(clock, timeline, ahead).now()).toBeGreaterThanOrEqual(ahead);
});
