import { expect, test } from 'vitest';
import { Comparison, median, type Sample } from '../../lab/bench/peers/comparison.js';
import { checkExpectations } from '../../lab/bench/peers/expectations.js';

function sample(peer: string, round: number, perSecond: number, more: Partial<Sample> = {}): Sample {
  return {
    peer,
    round,
    connections: 64,
    perSecond,
    p50: 1,
    p99: 2,
    cpuPerRequest: NaN,
    failures: 0,
    ...more,
  };
}

function comparisonOf(...samples: Sample[]): Comparison {
  const comparison = new Comparison();
  for (const each of samples) comparison.add(each);
  return comparison;
}

test('the median of an even number of values is between the two middle values', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([3, 1, 2])).toBe(2);
  expect(median([])).toBeNaN();
});

test('a ratio compares samples of the same round, so a machine that slows down does not distort it', () => {
  const rounds = [1000, 500, 100].flatMap((speed, round) => [
    sample('a', round, 3 * speed),
    sample('b', round, speed),
  ]);
  expect(comparisonOf(...rounds).ratio('perSecond', 'a', 'b', 64)).toBe(3);
});

test('a difference is the median of the differences in each round', () => {
  const rounds = [1, 9, 5].flatMap((p50, round) => [
    sample('standby', round, 1, { p50: p50 + 0.25 * (round + 1) }),
    sample('leader', round, 1, { p50 }),
  ]);
  expect(comparisonOf(...rounds).difference('p50', 'standby', 'leader', 64)).toBe(0.5);
});

test('a round with only one of the two peers does not count', () => {
  const samples = [sample('a', 0, 200), sample('b', 0, 100), sample('a', 1, 900)];
  expect(comparisonOf(...samples).ratio('perSecond', 'a', 'b', 64)).toBe(2);
});

test('the table shows failures, and only the peers that were measured', () => {
  const shown = comparisonOf(sample('a', 0, 1234, { failures: 7 })).toTable(['a', 'b'], 'a', 64);
  expect(shown).toMatch(/^a +1,234 .* 7$/m);
  expect(shown).not.toMatch(/^b /m);
});

test('an expectation is met or missed, and left out if it was not measured', () => {
  const samples = [sample('OctoStore', 0, 500), sample('etcd lock', 0, 100), sample('bare limit', 0, 1000)];
  const lines = checkExpectations(comparisonOf(...samples));
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/^met .*etcd.*5\.00$/);
  expect(lines[1]).toMatch(/^MISSED .*bare limit.*0\.50$/);
});

test('a team is compared with three nodes of etcd, and a standby with the leader', () => {
  const team = [
    sample('team', 0, 300, { cpuPerRequest: 50 }),
    sample('team standby', 0, 140, { cpuPerRequest: 71 }),
  ];
  const single = [
    sample('team', 0, 1, { connections: 1, p50: 1 }),
    sample('team standby', 0, 1, { connections: 1, p50: 1.25 }),
  ];
  const lines = checkExpectations(comparisonOf(...team, ...single, sample('etcd team', 0, 100)));
  expect(lines.map((line) => line.replace(/ .* /, ' '))).toEqual([
    'met 3.00',
    'MISSED 1.40',
    'met 0.25',
    'MISSED 71.00',
  ]);
});
