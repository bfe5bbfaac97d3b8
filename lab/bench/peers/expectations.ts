import { BARE_LIMIT, ETCD_LOCK, OCTOSTORE, ON_POSTGRES } from './catalogue.js';
import type { Comparison } from './comparison.js';

interface Expectation {
  readonly description: string;
  readonly connections: number;
  readonly compare: (comparison: Comparison) => number;
  readonly isMet: (figure: number) => boolean;
}

const [ours, postgres, etcd, bare] = [OCTOSTORE.name, ON_POSTGRES.name, ETCD_LOCK.name, BARE_LIMIT.name];

/** The targets compared with other services. They are ratios, since absolute figures depend on the machine. */
const EXPECTATIONS: readonly Expectation[] = [
  {
    description: 'throughput compared with etcd, at least 2.5',
    connections: 64,
    compare: (comparison) => comparison.ratio('perSecond', ours, etcd, 64),
    isMet: (ratio) => ratio >= 2.5,
  },
  {
    description: 'throughput compared with the bare limit, at least 0.7',
    connections: 64,
    compare: (comparison) => comparison.ratio('perSecond', ours, bare, 64),
    isMet: (ratio) => ratio >= 0.7,
  },
  {
    description: 'processor time per request compared with etcd, at most 0.4',
    connections: 64,
    compare: (comparison) => comparison.ratio('cpuPerRequest', ours, etcd, 64),
    isMet: (ratio) => ratio <= 1 / 2.5,
  },
  {
    description: 'processor time per request compared with the bare limit, at most 1.43',
    connections: 64,
    compare: (comparison) => comparison.ratio('cpuPerRequest', ours, bare, 64),
    isMet: (ratio) => ratio <= 1 / 0.7,
  },
  {
    description: 'p50 compared with etcd, at most 1',
    connections: 1,
    compare: (comparison) => comparison.ratio('p50', ours, etcd, 1),
    isMet: (ratio) => ratio <= 1,
  },
  {
    description: 'throughput on PostgreSQL compared with SQLite, at least 0.4',
    connections: 64,
    compare: (comparison) => comparison.ratio('perSecond', postgres, ours, 64),
    isMet: (ratio) => ratio >= 0.4,
  },
  {
    description: 'p50 on PostgreSQL in milliseconds, at most 3',
    connections: 1,
    compare: (comparison) => comparison.median(postgres, 1, 'p50'),
    isMet: (milliseconds) => milliseconds <= 3,
  },
  {
    description: 'p99 compared with p50, below 4',
    connections: 256,
    compare: (comparison) => comparison.median(ours, 256, 'p99') / comparison.median(ours, 256, 'p50'),
    isMet: (ratio) => ratio < 4,
  },
];

/** One line for each expectation that was measured: whether it is met, and the figure. */
export function checkExpectations(comparison: Comparison): string[] {
  return EXPECTATIONS.flatMap(({ description, connections, compare, isMet }) => {
    const figure = compare(comparison);
    if (Number.isNaN(figure)) return [];
    return [
      `${isMet(figure) ? 'met   ' : 'MISSED'}  ${connections} connections, ${description}: ${figure.toFixed(2)}`,
    ];
  });
}
