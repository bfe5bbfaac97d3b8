import { nowMs } from '../../../src/process/time.js';
import { difference, memberAt, shown } from './match.js';
import type { Exchange } from '../../../lab/kit/proxy/exchange.js';
import type { StepOf } from './scenario.js';

type Expected = StepOf<'seen'>;

/** What is wrong with the requests of one operation that reached the proxy. Null if nothing. */
export function problemOfSeen(exchanges: readonly Exchange[], expected: Expected): string | null {
  const { count = { $gte: 1 }, all, first, last } = expected;
  return firstOf([
    difference(count, exchanges.length, 'the number of requests'),
    ...expected.same.map((path) => problemOfValues(exchanges, path, 1)),
    ...expected.different.map((path) => problemOfValues(exchanges, path, exchanges.length)),
    ...(all === undefined ? [] : exchanges.map((exchange) => difference(all, exchange, 'a request'))),
    first === undefined ? null : difference(first, exchanges[0], 'the first request'),
    last === undefined ? null : difference(last, exchanges.at(-1), 'the last request'),
    ...problemsOfTimes(exchanges, expected),
  ]);
}

function problemOfValues(exchanges: readonly Exchange[], path: string, count: number): string | null {
  const values = new Set(exchanges.map((exchange) => shown(memberAt(exchange, path))));
  return values.size === count ? null : `${path} has ${values.size} values, not ${count}`;
}

function problemsOfTimes(exchanges: readonly Exchange[], { gaps_ms, age_ms }: Expected): (string | null)[] {
  const timesMs = exchanges.map(({ atMs }) => atMs);
  const gapsMs = timesMs.slice(1).map((atMs, before) => Math.round(atMs - (timesMs[before] ?? 0)));
  const ageMs = Math.round(nowMs() - (timesMs.at(-1) ?? 0));
  return [
    ...(gaps_ms === undefined
      ? []
      : gapsMs.map((gapMs) => difference(gaps_ms, gapMs, 'the time between two requests'))),
    age_ms === undefined ? null : difference(age_ms, ageMs, 'the age of the last request'),
  ];
}

function firstOf(problems: readonly (string | null)[]): string | null {
  return problems.find((problem) => problem !== null) ?? null;
}
