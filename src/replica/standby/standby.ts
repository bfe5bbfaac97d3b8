import type { ServerResponse } from 'node:http';
import { Logger } from '@nestjs/common';
import { OctoStoreError } from '../../errors/octostore-error.js';
import { ConsoleFiles } from '../../console/console-files.js';
import { ConsolePages } from '../../console/console-pages.js';
import { unserved } from '../../errors/unserved.js';
import type { Connection } from '../../http/connections/connection.js';
import type { Exchange } from '../../http/connections/exchange.js';
import { KEY_SEPARATOR } from '../../http/forwarded/forwarded-headers.js';
import { ForwardedRequests } from '../../http/forwarded/forwarded-requests.js';
import { contextOf, type ServiceRequest } from '../../http/input/service-request.js';
import { openExchange, type OpeningParts } from '../../http/pipeline/open-exchange.js';
import { receiveBody } from '../../http/pipeline/receive-body.js';
import type { RequestServer } from '../../http/request-server.js';
import { contextTrusting } from '../../http/tls/trusted-certificates.js';
import { forwardingKeys } from '../../secrets/forwarding-key.js';
import { sharedSecretKeysOf } from '../../secrets/secret-keys.js';
import { Forwarder } from '../forward/forwarder.js';
import type { LeaderTarget } from '../forward/leader-target.js';
import { clientAddresses } from './client-addresses.js';
import { MetricsAccess } from './metrics-access.js';
import { OwnRoutes, type OwnPath, type OwnRoute } from './own-routes.js';
import { StandbyMetrics } from './standby-metrics.js';
import type { StandbyParts } from './standby-parts.js';
import { StandbyStatus } from './standby-status.js';

/** What metrics call the route of a forwarded request. */
const FORWARDED = { path: 'forwarded' };

const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * Serves requests while another server leads. It answers the routes about this server itself and the console, and forwards all others to the
 * leader.
 */
export class Standby implements RequestServer {
  readonly #logger = new Logger('Standby');
  readonly #parts: StandbyParts;
  readonly #opening: OpeningParts;
  readonly #forwarded: ForwardedRequests;
  readonly #forwarder: Forwarder;
  readonly #metrics: StandbyMetrics;
  readonly #metricsAccess: MetricsAccess;
  readonly #own: OwnRoutes;

  /** Throws `ConfigError` if `CLUSTER_CA_FILE` cannot be used. */
  constructor(parts: StandbyParts) {
    const { clock, config, replies, tracing } = parts;
    const keys = forwardingKeys(sharedSecretKeysOf(config));
    const clientOf = clientAddresses(config.TRUST_PROXY);
    this.#parts = parts;
    this.#forwarded = new ForwardedRequests(keys);
    this.#metrics = new StandbyMetrics({
      ...parts,
      isLeaderReachable: () => this.#forwarder.isLeaderReachable,
    });
    this.#forwarder = new Forwarder({
      clock,
      replies,
      tracing,
      key: keys.join(KEY_SEPARATOR),
      clientOf,
      trust:
        config.CLUSTER_CA_FILE === undefined
          ? null
          : contextTrusting('CLUSTER_CA_FILE', config.CLUSTER_CA_FILE),
      observer: this.#metrics,
    });
    this.#metricsAccess = new MetricsAccess(clock, config, clientOf);
    this.#opening = { clock, replies, onDone: (...done) => this.#done(...done) };
    this.#own = this.#ownRoutes(new StandbyStatus({ ...parts, forwarder: this.#forwarder }));
  }

  begin(exchange: Exchange, connection: Connection): void {
    const { request, response } = exchange;
    if (!openExchange(exchange, connection, this.#opening)) return;
    const isForwarded = this.#forwarded.recognize(request, connection);
    receiveBody(request, response, this.#parts.replies, () => {
      // Forwarded once is enough: two servers that take each other for the leader would send it back and forth.
      if (isForwarded) this.#parts.replies.sendError(response, unserved('no_leader'));
      else this.#serve(request, response, connection);
    });
  }

  /**
   * From now on forwards to this server. Null if no one leads. What is under way to the server of another reign is ended, and
   * sent again if that is safe.
   */
  forwardTo(target: LeaderTarget | null): void {
    this.#forwarder.forwardTo(target);
  }

  /** Ends all waits and event streams, so that their clients go on at another server. Other requests are still served. */
  drain(): void {
    this.#forwarder.drain();
  }

  /** Ends everything that is under way. Call this when no more requests can arrive. */
  close(): void {
    this.#forwarder.close();
    this.#metricsAccess.close();
  }

  #serve(request: ServiceRequest, response: ServerResponse, connection: Connection): void {
    const own = this.#own.find(request);
    request.servedBy = own ?? FORWARDED;
    if (own === null) {
      this.#parts.tracing.serve(request, contextOf(request).startedAtMs, () =>
        this.#forwarder.forward(request, response, connection),
      );
    } else this.#answer(own.answer, request, response).catch(() => response.destroy());
  }

  /** Answers a request about this server itself. Rejects if even the error cannot be sent. */
  async #answer(answer: OwnRoute, request: ServiceRequest, response: ServerResponse): Promise<void> {
    const { replies } = this.#parts;
    try {
      const body = await answer(request, response);
      if (!response.destroyed && !response.headersSent) replies.send(response, body, response.statusCode);
    } catch (error) {
      replies.sendError(response, this.#publicError(error, request));
    }
  }

  #publicError(error: unknown, request: ServiceRequest): OctoStoreError {
    if (error instanceof OctoStoreError) return error;
    this.#logger.error({ message: 'A request failed', requestId: contextOf(request).requestId, error });
    return new OctoStoreError('internal_error', { cause: error });
  }

  #ownRoutes(status: StandbyStatus): OwnRoutes {
    const { consoleAt, replies } = this.#parts;
    const console = new ConsolePages(ConsoleFiles.load(consoleAt), replies);
    return new OwnRoutes(this.#routesAboutItself(status), (request, response) =>
      console.answer(request, response),
    );
  }

  #routesAboutItself(status: StandbyStatus): Record<OwnPath, OwnRoute> {
    return {
      '/health': () => 'OK',
      '/health/live': () => ({ status: 'alive' }),
      '/health/ready': (_request, response) => {
        const { readiness } = status;
        if (readiness !== 'ready') response.statusCode = 503;
        return { status: readiness };
      },
      '/status': () => status.publicStatus(),
      '/metrics': (request, response) => {
        this.#metricsAccess.assertOpen(request);
        response.setHeader('Content-Type', METRICS_TYPE);
        return this.#metrics.registry.metrics();
      },
    };
  }

  #done(...[request, response, context]: Parameters<OpeningParts['onDone']>): void {
    const { clock, onDone } = this.#parts;
    this.#metrics.http.requestDone(request, response, clock.monotonicMs() - context.startedAtMs);
    onDone(request, response, context);
  }
}
