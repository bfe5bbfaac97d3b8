import { Injectable } from '@nestjs/common';
import { Histogram } from 'prom-client';
import { LockStore } from '../store/lock-store.js';
import { LeanHistogram } from './lean-histogram.js';
import { HeldTimes } from './held-times.js';
import { MetricsRegistry } from './metrics-registry.js';

/** In seconds. */
const WAIT_BUCKETS = [0.005, 0.025, 0.1, 0.5, 1, 5, 15, 30, 60];
const HOLD_BUCKETS = [0.01, 0.1, 1, 5, 15, 60, 300, 900, 3600, 14_400];

/** How long clients wait for locks, and hold them. */
@Injectable()
export class DurationMetrics {
  constructor(registry: MetricsRegistry, store: LockStore) {
    const registers = [registry];
    const waits = new Histogram({
      name: 'octostore_wait_duration_seconds',
      help: 'Time that requests waited in line, by outcome: acquired, conflict if the wait ended without the lock, abandoned if the client left',
      labelNames: ['outcome'],
      buckets: WAIT_BUCKETS,
      registers,
    });
    const holds = new LeanHistogram(
      {
        name: 'octostore_hold_duration_seconds',
        help: 'Time from the grant of a lease to its end, by how it ended, for leases granted since the start',
        label: 'end',
        buckets: HOLD_BUCKETS,
      },
      registry,
    );
    const held = new HeldTimes((end, seconds) => holds.add(end, seconds));
    store.observe({
      waited: ({ answer, durationMs }) => waits.observe({ outcome: answer }, durationMs / 1000),
      committed: ({ events }) => {
        for (const event of events) held.follow(event);
      },
    });
  }
}
