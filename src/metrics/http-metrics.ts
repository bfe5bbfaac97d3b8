import type { IncomingMessage, ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import { Counter, Histogram } from 'prom-client';
import { routeTemplateOf } from '../http/route-template.js';
import { MetricsRegistry } from './metrics-registry.js';

/** In seconds. From what a status read takes on an idle machine to what a wait in line may take. */
const LATENCY_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 15, 60];

/** Stands for the status of requests that were never answered, because their clients had gone. */
const ABORTED = 'aborted';

@Injectable()
export class HttpMetrics {
  readonly #requests: Counter<'method' | 'route' | 'code'>;
  readonly #latency: Histogram<'route'>;

  constructor(registry: MetricsRegistry) {
    this.#requests = new Counter({
      name: 'octostore_http_requests_total',
      help: 'Requests by method, route and status code; aborted if the client went away before the answer',
      labelNames: ['method', 'route', 'code'],
      registers: [registry],
    });
    this.#latency = new Histogram({
      name: 'octostore_http_request_duration_seconds',
      help: 'Time from the arrival of a request to the end of its answer, by route',
      labelNames: ['route'],
      buckets: LATENCY_BUCKETS,
      registers: [registry],
    });
  }

  requestDone(
    request: IncomingMessage,
    { headersSent, statusCode }: ServerResponse,
    durationMs: number,
  ): void {
    const route = routeTemplateOf(request);
    // A client that went away before its answer began was told no status.
    const code = headersSent ? statusCode : ABORTED;
    this.#requests.inc({ method: request.method ?? 'GET', route, code });
    this.#latency.observe({ route }, durationMs / 1000);
  }
}
