import { Injectable } from '@nestjs/common';
import { Counter, Histogram } from 'prom-client';
import { AuthFailures } from '../auth/auth-failures.js';
import { Watches } from '../events/watches.js';
import { DeliveryBacklog } from '../webhooks/delivery/delivery-backlog.js';
import { CallTimes } from '../webhooks/transport/call-times.js';
import { MetricsRegistry } from './metrics-registry.js';
import { gauge } from './gauge.js';

/** In seconds, up to the time limit of a call. */
const CALL_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15];

/** Metrics of event streams, webhooks and authentication. */
@Injectable()
export class FeatureMetrics {
  constructor(
    registry: MetricsRegistry,
    watches: Watches,
    backlog: DeliveryBacklog,
    times: CallTimes,
    failures: AuthFailures,
  ) {
    const registers = [registry];
    countAuthFailures(registry, failures);
    gauge('octostore_watchers', 'Open event streams', registers, () => watches.count);
    gauge(
      'octostore_stream_buffer_bytes',
      'Bytes that are waiting for clients that read their event streams slowly',
      registers,
      () => watches.waitingBytes,
    );
    countStreamsCutOff(registers, watches);
    gauge('octostore_webhooks', 'Webhooks of all users', registers, () => backlog.count().webhooks);
    gauge(
      'octostore_webhook_deliveries_pending',
      'Webhook deliveries that are pending',
      registers,
      () => backlog.count().pending,
    );
    gauge(
      'octostore_webhook_deliveries_dead',
      'Webhook deliveries that are dead letters',
      registers,
      () => backlog.count().dead,
    );
    const duration = new Histogram({
      name: 'octostore_webhook_delivery_duration_seconds',
      help: 'Time that a call to a webhook receiver took, by outcome: delivered, or why it failed',
      labelNames: ['outcome'],
      buckets: CALL_BUCKETS,
      registers,
    });
    times.onCall((outcome, durationMs) => duration.observe({ outcome }, durationMs / 1000));
  }
}

/** Reads the totals at each scrape. */
function countAuthFailures(registry: MetricsRegistry, { totals }: AuthFailures): void {
  const counter = new Counter({
    name: 'octostore_auth_failures_total',
    help: 'Requests refused because their token or key is not valid, by what was refused: token, admin_key for operators, or subject_token in exchanges',
    labelNames: ['kind'],
    registers: [],
    collect() {
      this.reset();
      for (const [kind, total] of Object.entries(totals)) this.inc({ kind }, total);
    },
  });
  registry.registerMetric(counter);
}

/** The limit is the one for a stream, for its user, or for all users together. */
function countStreamsCutOff(registers: MetricsRegistry[], watches: Watches): Counter {
  return new Counter({
    name: 'octostore_streams_cut_off_total',
    help: 'Event streams that were cut off because their clients read too slowly, by the limit that was exceeded',
    labelNames: ['limit'],
    registers,
    collect() {
      this.reset();
      for (const [limit, count] of Object.entries(watches.cutOff)) this.inc({ limit }, count);
    },
  });
}
