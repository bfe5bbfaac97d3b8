import {
  BARE_LIMIT,
  ETCD_LEADER,
  ETCD_LOCK,
  OCTOSTORE,
  ON_POSTGRES,
  TEAM_LEADER,
  TEAM_STANDBY,
  WITH_POLICY,
} from './catalogue.js';
import type { Comparison } from './comparison.js';

interface Expectation {
  readonly description: string;
  readonly connections: number;
  readonly compare: (comparison: Comparison, connections: number) => number;
  readonly isMet: (figure: number) => boolean;
}

const [ours, postgres, etcd, bare] = [OCTOSTORE.name, ON_POSTGRES.name, ETCD_LOCK.name, BARE_LIMIT.name];
const policy = WITH_POLICY.name;
const [leader, standby, etcdTeam] = [TEAM_LEADER.name, TEAM_STANDBY.name, ETCD_LEADER.name];

/** The targets compared with other services. They are ratios, since absolute figures depend on the machine. */
const EXPECTATIONS: readonly Expectation[] = [
  {
    description: 'throughput compared with etcd, at least 2.5',
    connections: 64,
    compare: (comparison, connections) => comparison.ratio('perSecond', ours, etcd, connections),
    isMet: (ratio) => ratio >= 2.5,
  },
  {
    description: 'throughput compared with the bare limit, at least 0.7',
    connections: 64,
    compare: (comparison, connections) => comparison.ratio('perSecond', ours, bare, connections),
    isMet: (ratio) => ratio >= 0.7,
  },
  {
    description: 'processor time per request compared with etcd, at most 0.4',
    connections: 64,
    compare: (comparison, connections) => comparison.ratio('cpuPerRequest', ours, etcd, connections),
    isMet: (ratio) => ratio <= 1 / 2.5,
  },
  {
    description: 'processor time per request compared with the bare limit, at most 1.43',
    connections: 64,
    compare: (comparison, connections) => comparison.ratio('cpuPerRequest', ours, bare, connections),
    isMet: (ratio) => ratio <= 1 / 0.7,
  },
  {
    description: 'processor time per request with a policy compared with none, at most 1.02',
    connections: 64,
    compare: (comparison, connections) => comparison.ratio('cpuPerRequest', policy, ours, connections),
    isMet: (ratio) => ratio <= 1.02,
  },
  {
    description: 'p50 compared with etcd, at most 1',
    connections: 1,
    compare: (comparison, connections) => comparison.ratio('p50', ours, etcd, connections),
    isMet: (ratio) => ratio <= 1,
  },
  {
    description: 'throughput on PostgreSQL compared with SQLite, at least 0.4',
    connections: 64,
    compare: (comparison, connections) => comparison.ratio('perSecond', postgres, ours, connections),
    isMet: (ratio) => ratio >= 0.4,
  },
  {
    description: 'p50 on PostgreSQL in milliseconds, at most 3',
    connections: 1,
    compare: (comparison, connections) => comparison.median(postgres, connections, 'p50'),
    isMet: (milliseconds) => milliseconds <= 3,
  },
  {
    description: 'p99 compared with p50, below 4',
    connections: 256,
    compare: (comparison, connections) =>
      comparison.median(ours, connections, 'p99') / comparison.median(ours, connections, 'p50'),
    isMet: (ratio) => ratio < 4,
  },
  {
    description: 'throughput of a team compared with three nodes of etcd, at least 1.5',
    connections: 64,
    compare: (comparison, connections) => comparison.ratio('perSecond', leader, etcdTeam, connections),
    isMet: (ratio) => ratio >= 1.5,
  },
  {
    description: 'the same through a standby, at least 1.5',
    connections: 64,
    compare: (comparison, connections) => comparison.ratio('perSecond', standby, etcdTeam, connections),
    isMet: (ratio) => ratio >= 1.5,
  },
  {
    description: 'a hop through a standby, p50 in milliseconds, at most 0.5',
    connections: 1,
    compare: (comparison, connections) => comparison.difference('p50', standby, leader, connections),
    isMet: (milliseconds) => milliseconds <= 0.5,
  },
  {
    description: 'processor time of a hop in microseconds, at most 70',
    connections: 64,
    compare: (comparison, connections) => comparison.median(standby, connections, 'cpuPerRequest'),
    isMet: (microseconds) => microseconds <= 70,
  },
];

/** One line for each expectation that was measured: whether it is met, and the figure. */
export function checkExpectations(comparison: Comparison): string[] {
  return EXPECTATIONS.flatMap(({ description, connections, compare, isMet }) => {
    const figure = compare(comparison, connections);
    if (Number.isNaN(figure)) return [];
    return [
      `${isMet(figure) ? 'met   ' : 'MISSED'}  ${connections} connections, ${description}: ${figure.toFixed(2)}`,
    ];
  });
}
