import type { IncomingMessage, ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { routeTemplateOf } from '../http/routes/route-template.js';
import { MetricsRegistry } from './metrics-registry.js';
import { LeanHistogram } from './lean-histogram.js';

/** In seconds, from a status request on an idle machine to the longest wait in line. */
const LATENCY_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 15, 60];

/** The status of requests that were never answered, because their clients had disconnected. */
const ABORTED = 'aborted';

interface RequestCount {
  readonly method: string;
  readonly route: string;
  readonly code: number | string;
  /** Requests that have not been added to the counter yet. */
  uncounted: number;
}

@Injectable()
export class HttpMetrics {
  readonly #times: LeanHistogram;
  readonly #counts = new Map<string, RequestCount>();

  constructor(registry: MetricsRegistry) {
    const counts = this.#counts;
    const counter = new Counter({
      name: 'octostore_http_requests_total',
      help: 'Requests by method, route and status code. The code is "aborted" if the connection broke before the answer',
      labelNames: ['method', 'route', 'code'],
      registers: [],
      // Updated only at a scrape, for the reason that `LeanHistogram` gives.
      collect() {
        for (const count of counts.values()) {
          const { method, route, code, uncounted } = count;
          count.uncounted = 0;
          this.inc({ method, route, code }, uncounted);
        }
      },
    });
    registry.registerMetric(counter);
    this.#times = new LeanHistogram(
      {
        name: 'octostore_http_request_duration_seconds',
        help: 'Time from the arrival of a request to the end of its answer, by route',
        label: 'route',
        buckets: LATENCY_BUCKETS,
      },
      registry,
    );
  }

  requestDone(
    request: IncomingMessage,
    { headersSent, statusCode }: ServerResponse,
    durationMs: number,
  ): void {
    const route = routeTemplateOf(request);
    // A client that disconnected before its answer began got no status.
    const code = headersSent ? statusCode : ABORTED;
    this.#countOf(request.method ?? 'GET', route, code).uncounted += 1;
    this.#times.add(route, durationMs / 1000);
  }

  #countOf(method: string, route: string, code: number | string): RequestCount {
    const key = `${method} ${route} ${code}`;
    let count = this.#counts.get(key);
    if (count === undefined) {
      count = { method, route, code, uncounted: 0 };
      this.#counts.set(key, count);
    }
    return count;
  }
}
