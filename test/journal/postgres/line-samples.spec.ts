import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineSamples } from '../../../src/journal/postgres/term/line-samples.js';

const REIGN = 'first';

function samplesOf(...rows: readonly (readonly [instant: number, receivedAtMs: number])[]): LineSamples {
  const samples = new LineSamples();
  for (const [lastInstant, receivedAtMs] of rows) samples.note({ reign: REIGN, lastInstant }, receivedAtMs);
  return samples;
}

describe('samples of a timeline', () => {
  test('are none before a commit of the term was seen', () => {
    expect(new LineSamples().offsetOf(null, 0)).toBeNull();
    expect(samplesOf([1_000, 50], [1_000, 60]).offsetOf(REIGN, 60)).toBeNull();
  });

  test('give the offset of the one that was received soonest', () => {
    const samples = samplesOf([1_000, 0], [1_100, 190], [1_200, 220], [1_300, 390]);
    expect(samples.offsetOf(REIGN, 390)).toBe(Math.floor(980 - 0.17));
  });

  test('of another term say nothing', () => {
    const samples = samplesOf([1_000, 0], [1_100, 100]);
    samples.note({ reign: 'second', lastInstant: 1_150 }, 200);
    expect(samples.offsetOf(REIGN, 200)).toBeNull();
    expect(samples.offsetOf('second', 200)).toBeNull();
    samples.note({ reign: 'second', lastInstant: 1_160 }, 300);
    expect(samples.offsetOf('second', 300)).toBe(860);
  });

  test('are forgotten ten seconds later, if there are newer ones', () => {
    const old = [[0, 0] as const, [1_000, 0] as const];
    expect(samplesOf(...old, [5_000, 10_000]).offsetOf(REIGN, 10_000)).toBe(1_000 - 10);
    expect(samplesOf(...old, [5_000, 10_001]).offsetOf(REIGN, 10_001)).toBe(5_000 - 10_001);
  });

  test('of a clock that is 5 % too fast set the timeline ahead by half a second at most', () => {
    const rate = 1.05;
    const samples = new LineSamples();
    for (let atMs = 0; atMs <= 120_000; atMs += 100)
      samples.note({ reign: REIGN, lastInstant: atMs }, atMs * rate);
    const own = 120_000 * rate;
    const aheadMs = own + (samples.offsetOf(REIGN, own) ?? NaN) - 120_000;
    expect(aheadMs).toBeGreaterThan(400);
    expect(aheadMs).toBeLessThanOrEqual(500);
  });

  test('are kept for as long as the leader is silent', () => {
    expect(samplesOf([0, 0], [1_000, 0]).offsetOf(REIGN, 3_600_000)).toBe(1_000 - 3_600);
  });
});

/** A leader that commits, and a process that looks, on two machines whose clocks drift and whose zeros differ. */
const WATCHED = fc.record({
  /** The rate of the observer's clock, as the leader's sees it. */
  rate: fc.double({ min: 1 - 0.000_9, max: 1 + 0.000_9, noNaN: true }),
  zero: fc.integer({ min: -1_000_000, max: 1_000_000 }),
  commits: fc.array(
    fc.record({
      afterMs: fc.integer({ min: 1, max: 2_000 }),
      lateMs: fc.double({ min: 0, max: 900, noNaN: true }),
    }),
    { minLength: 2, maxLength: 60 },
  ),
  silentMs: fc.integer({ min: 0, max: 600_000 }),
});

test('the timeline that an observer continues is never ahead, and lags by what the samples were late and the drift', () => {
  fc.assert(
    fc.property(WATCHED, ({ rate, zero, commits, silentMs }) => {
      const samples = new LineSamples();
      let atMs = 10_000;
      let leastLag = Infinity;
      for (const [index, { afterMs, lateMs }] of commits.entries()) {
        const instant = Math.floor(atMs);
        const receivedAtMs = zero + (atMs + lateMs) * rate;
        samples.note({ reign: REIGN, lastInstant: instant }, receivedAtMs);
        if (index > 0) leastLag = Math.min(leastLag, lateMs);
        atMs += Math.max(afterMs, lateMs);
      }
      const takenOverAtMs = atMs + silentMs;
      const own = zero + takenOverAtMs * rate;
      const continued = own + (samples.offsetOf(REIGN, own) ?? NaN);
      expect(continued).toBeLessThanOrEqual(takenOverAtMs + 1e-3);
      // Rounding down, twice, and the drift since the sample with the least lag, in the worse direction.
      expect(continued).toBeGreaterThanOrEqual(
        takenOverAtMs - leastLag - 2 - 0.002 * (takenOverAtMs - 10_000),
      );
    }),
    { numRuns: 500 },
  );
});
