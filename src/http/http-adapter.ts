import { ExpressAdapter } from '@nestjs/platform-express';
import type { Response } from 'express';
import type { Clock } from '../clock/clock.js';
import { Replies } from './answer/replies.js';
import { Connections, type ConnectionLimits } from './connections/connections.js';
import { createExpress } from './create-express.js';
import { createServer } from './create-server.js';
import type { Pipeline } from './pipeline/pipeline.js';
import type { TlsPaths } from './tls/tls-files.js';

interface AdapterOptions extends ConnectionLimits {
  readonly trustedProxies: readonly string[];
  /** Null for plain HTTP. */
  readonly tls: TlsPaths | null;
}

/** Nest on Express. Express gets only the requests that the pipeline leaves to it. */
export class HttpAdapter extends ExpressAdapter {
  readonly connections: Connections;
  readonly replies = new Replies();
  readonly #clock: Clock;
  readonly #tls: TlsPaths | null;
  #pipeline: Pipeline | null = null;

  constructor(clock: Clock, options: AdapterOptions) {
    super(createExpress(options.trustedProxies));
    this.#clock = clock;
    this.#tls = options.tls;
    this.connections = new Connections(clock, options, (exchange, connection) =>
      this.#pipeline?.begin(exchange, connection),
    );
  }

  /** Sends all requests through `pipeline`. Call this before the server listens. */
  serveThrough(pipeline: Pipeline): void {
    this.#pipeline = pipeline;
  }

  override initHttpServer(): void {
    const server = createServer(this.#clock, this.#tls);
    this.connections.attachTo(server);
    this.httpServer = server as typeof this.httpServer;
  }

  override reply(response: Response, body: unknown, statusCode = response.statusCode): void {
    this.replies.send(response, body, statusCode);
  }

  override status(response: Response, statusCode: number): Response {
    response.statusCode = statusCode;
    return response;
  }

  /** Makes every answer close its connection from now on. */
  override beforeClose(): void {
    this.replies.endConnections();
    super.beforeClose();
  }

  /** Closes all connections, with whatever is under way on them. */
  cutConnections(): void {
    this.httpServer.closeAllConnections();
  }
}
