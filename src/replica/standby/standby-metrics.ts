import { Counter, Histogram } from 'prom-client';
import type { Connections } from '../../http/connections/connections.js';
import { addBuildInfo } from '../../metrics/build-info.js';
import { ConnectionMetrics } from '../../metrics/connection-metrics.js';
import { gauge } from '../../metrics/gauge.js';
import { HttpMetrics } from '../../metrics/http-metrics.js';
import { LogMetrics } from '../../metrics/log-metrics.js';
import { MetricsRegistry } from '../../metrics/metrics-registry.js';
import { addRoleMetrics } from '../../metrics/role-metrics.js';
import type { ForwardObserver, ForwardOutcome } from '../forward/forward-observer.js';
import type { ReplicaState } from './standby-parts.js';

/** In seconds, up to the longest hold. */
const HOLD_BUCKETS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 4, 5];

interface MetricsParts {
  readonly connections: Connections;
  readonly state: () => ReplicaState;
  readonly isLeaderReachable: () => boolean;
}

/** The metrics of a standby. Those of the process, its connections and its requests have the same names as the leader's. */
export class StandbyMetrics implements ForwardObserver {
  readonly registry = new MetricsRegistry();
  readonly http = new HttpMetrics(this.registry);
  readonly #forwarded: Counter;
  readonly #holds: Histogram;

  constructor({ connections, state, isLeaderReachable }: MetricsParts) {
    const registers = [this.registry];
    addBuildInfo(registers);
    new ConnectionMetrics(this.registry).follow(connections);
    void new LogMetrics(this.registry);
    addRoleMetrics(registers, () => ({ leads: state().role === 'leader', term: state().term }));
    gauge('octostore_leader_reachable', '1 if the server that leads has answered lately', registers, () =>
      Number(isLeaderReachable()),
    );
    this.#forwarded = new Counter({
      name: 'octostore_forwarded_requests_total',
      help: 'Requests forwarded to the server that leads, by outcome: answered, no_leader, outcome_unknown, shutting_down if this server stopped, broken if the answer broke off, abandoned if the client left, refused if they cannot be forwarded',
      labelNames: ['outcome'],
      registers,
    });
    this.#holds = new Histogram({
      name: 'octostore_forward_hold_duration_seconds',
      help: 'Time that requests were held because no server served them',
      buckets: HOLD_BUCKETS,
      registers,
    });
  }

  ended(outcome: ForwardOutcome): void {
    this.#forwarded.inc({ outcome });
  }

  held(durationMs: number): void {
    this.#holds.observe(durationMs / 1000);
  }
}
