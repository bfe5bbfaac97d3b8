import { expect, test } from 'vitest';
import { Trend, trendsOf, type Sample } from '../../lab/kit/trend.js';

const MIB = 1024 * 1024;

function sample(memory: number, descriptors = 90): Sample {
  const rest = { resident: 180 * MIB, resources: 70, database: 2 * MIB, log: 4 * MIB };
  return { ...rest, memory: memory * MIB, descriptors };
}

/** `count` samples whose memory, in MiB, goes evenly from one value to another, up and down by `noise` on the way. */
function going(from: number, to: number, { count = 60, noise = 0 } = {}): Sample[] {
  return Array.from({ length: count }, (_, index) =>
    sample(from + ((to - from) * index) / (count - 1) + (index % 2 === 0 ? noise : -noise)),
  );
}

test('what goes up and down is flat', () => {
  expect(new Trend('memory', going(50, 50, { noise: 20 })).isFlat).toBe(true);
});

test('what falls is flat', () => {
  expect(new Trend('memory', going(80, 40)).isFlat).toBe(true);
});

test('what creeps up is not flat', () => {
  expect(new Trend('memory', going(50, 70)).isFlat).toBe(false);
  expect(new Trend('memory', going(50, 70, { noise: 5 })).isFlat).toBe(false);
});

test('one sample out of the ordinary changes nothing', () => {
  const samples = [...going(50, 51), sample(5000)];
  expect(new Trend('memory', samples).isFlat).toBe(true);
});

test('each measure is judged by itself', () => {
  const samples = Array.from({ length: 30 }, (_, index) => sample(50, 90 + index * 2));
  const growing = trendsOf(samples).filter(({ isFlat }) => !isFlat);
  expect(growing.map(({ measure }) => measure)).toEqual(['descriptors']);
  expect(String(growing[0])).toBe('100 in the first third, 140 in the last');
});

test('fewer than three samples are no trend', () => {
  expect(() => new Trend('memory', [sample(1), sample(2)])).toThrow('three samples');
});
