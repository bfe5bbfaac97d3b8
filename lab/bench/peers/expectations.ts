import { BARE_LIMIT, ETCD_LOCK, OCTOSTORE } from './catalogue.js';
import type { Comparison } from './comparison.js';

interface Expectation {
  readonly text: string;
  readonly connections: number;
  readonly compare: (comparison: Comparison) => number;
  readonly holds: (figure: number) => boolean;
}

const [ours, etcd, bare] = [OCTOSTORE.name, ETCD_LOCK.name, BARE_LIMIT.name];

/** What is asked of the service beside others. Ratios, because absolute figures are the machine's. */
const EXPECTATIONS: readonly Expectation[] = [
  {
    text: 'throughput to etcd’s, at least 2.5',
    connections: 64,
    compare: (comparison) => comparison.ratio('perSecond', ours, etcd, 64),
    holds: (ratio) => ratio >= 2.5,
  },
  {
    text: 'throughput to the bare limit’s, at least 0.7',
    connections: 64,
    compare: (comparison) => comparison.ratio('perSecond', ours, bare, 64),
    holds: (ratio) => ratio >= 0.7,
  },
  {
    text: 'processor time a request to etcd’s, at most 0.4',
    connections: 64,
    compare: (comparison) => comparison.ratio('cpuPerRequest', ours, etcd, 64),
    holds: (ratio) => ratio <= 1 / 2.5,
  },
  {
    text: 'processor time a request to the bare limit’s, at most 1.43',
    connections: 64,
    compare: (comparison) => comparison.ratio('cpuPerRequest', ours, bare, 64),
    holds: (ratio) => ratio <= 1 / 0.7,
  },
  {
    text: 'p50 to etcd’s, at most 1',
    connections: 1,
    compare: (comparison) => comparison.ratio('p50', ours, etcd, 1),
    holds: (ratio) => ratio <= 1,
  },
  {
    text: 'p99 to p50, below 4',
    connections: 256,
    compare: (comparison) => comparison.median(ours, 256, 'p99') / comparison.median(ours, 256, 'p50'),
    holds: (ratio) => ratio < 4,
  },
];

/** Says of each expectation that was measured whether it holds. */
export function verdicts(comparison: Comparison): string[] {
  return EXPECTATIONS.flatMap(({ text, connections, compare, holds }) => {
    const figure = compare(comparison);
    if (Number.isNaN(figure)) return [];
    return [
      `${holds(figure) ? 'holds ' : 'MISSED'}  ${connections} connections, ${text}: ${figure.toFixed(2)}`,
    ];
  });
}
