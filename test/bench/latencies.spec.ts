import { expect, test } from 'vitest';
import { Latencies } from '../../src/bench/load/latency.js';

/** The largest relative error that a quantile may have. */
const TOLERANCE = 0.002;

function latenciesOf(...milliseconds: number[]): Latencies {
  const latencies = new Latencies();
  for (const ms of milliseconds) latencies.add(ms);
  return latencies;
}

test('quantiles are accurate to three digits, from microseconds to minutes', () => {
  const latencies = latenciesOf(...Array.from({ length: 100_000 }, (_, index) => (index + 1) / 1000));
  for (const q of [0.5, 0.9, 0.99, 0.999, 1]) {
    expect(Math.abs(latencies.quantile(q) / (q * 100) - 1), `${q}`).toBeLessThan(TOLERANCE);
  }
  expect(latencies.summary).toMatchObject({ count: 100_000 });
  expect(latencies.summary.mean).toBeCloseTo(50, 1);
  expect(latenciesOf(60_000).quantile(0.5) / 60_000).toBeCloseTo(1, 2);
});

test('without measurements there are no latencies, and no error', () => {
  expect(new Latencies().summary).toEqual({ count: 0, mean: 0, p50: 0, p90: 0, p99: 0, p999: 0, max: 0 });
});

test('sending latencies between processes and merging them loses nothing', () => {
  const [fast, slow] = [latenciesOf(1, 2, 3), latenciesOf(500)];
  const both = Latencies.merge([fast, slow].map((part) => Latencies.decode(part.encode())));
  expect(both.curve).toEqual(latenciesOf(1, 2, 3, 500).curve);
});

test('the curve rises, and extends into the tail as far as there are values', () => {
  const { curve } = latenciesOf(...Array.from({ length: 1000 }, (_, index) => index + 1));
  expect(curve[0]?.q).toBe(0);
  expect(curve.at(-1)?.q).toBeCloseTo(0.999, 6);
  expect(curve.map(({ ms }) => ms)).toEqual(curve.map(({ ms }) => ms).toSorted((a, b) => a - b));
});
