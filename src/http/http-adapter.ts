import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { ExpressAdapter } from '@nestjs/platform-express';
import express, { type Express, type Request, type Response } from 'express';
import type { Clock } from '../clock/clock.js';
import { OctoStoreError } from '../errors/octostore-error.js';
import { errorResponse, type ErrorResponse } from './answer/error-response.js';
import type { LeanHandlers } from './pipeline/lean-handlers.js';
import { answerLeftover } from './answer/leftover.js';
import { LeanRoutes } from './routes/lean-routes.js';
import { Connections, type ConnectionLimits, type ServiceServer } from './connections/connections.js';
import type { Connection } from './connections/connection.js';
import type { Exchange } from './connections/exchange.js';
import { readTlsIdentity, type TlsPaths } from './tls/tls-files.js';
import { TlsRenewal } from './tls/tls-renewal.js';
import { FairTurns } from './pipeline/fair-turns.js';
import { UpkeepRoutes } from './routes/upkeep.js';
import { LoadShedder, SHED_RETRY_AFTER_MS } from './pipeline/load-shedder.js';
import { announcedLength, BODY_BYTES_MAX, hasBody, isPlain, readBody } from './input/request-body.js';
import { beginRequest, contextOf, ServiceRequest, type RequestContext } from './input/service-request.js';

/** Bounds on what a connection may take up. In milliseconds, but for the header size in bytes. */
const SERVER_LIMITS = {
  headersTimeout: 10_000,
  // With the interval of the checks, nobody takes up a connection with half a request for more than 15 s.
  requestTimeout: 13_000,
  connectionsCheckingInterval: 1_000,
  // Longer than the 60 s after which load balancers drop idle connections, so that they never meet one we just closed.
  keepAliveTimeout: 65_000,
  maxHeaderSize: 16 * 1024,
  // Checked here, for the sake of the one error shape.
  requireHostHeader: false,
  IncomingMessage: ServiceRequest,
} as const;

const TLS_LIMITS = { handshakeTimeout: 10_000, minVersion: 'TLSv1.2' } as const;

/** What the type declarations of Express leave out. */
interface RouterLayer {
  readonly route?: { readonly methods: Readonly<Record<string, boolean>> };
  match(path: string): boolean;
}

interface AdapterOptions extends ConnectionLimits {
  readonly trustedProxies: readonly string[];
  /** For how many milliseconds new work is taken on without a look at what has come in meanwhile. */
  readonly newWorkMsMax: number;
  /** Null serves plain HTTP. */
  readonly tls: TlsPaths | null;
}

/** Tells callers apart before it is known what they want. */
export interface Callers {
  /** A name for the user behind a request. */
  userOf(request: IncomingMessage): string;
  /** Whether somebody known is behind it. */
  isBehind(request: IncomingMessage): boolean;
}

export type RequestListener = (
  request: IncomingMessage,
  response: ServerResponse,
  context: RequestContext,
) => void;

/**
 * Nest on Express, with what every request needs done before and after the routes done once, outside Express: an id, a
 * bounded body, lean JSON answers, and one shape for all errors, those of the protocol included.
 */
export class HttpAdapter extends ExpressAdapter {
  readonly connections: Connections;
  readonly #clock: Clock;
  readonly #loadShedder: LoadShedder;
  readonly #tls: TlsPaths | null;
  readonly #newWorkMsMax: number;
  readonly #turns: FairTurns;
  #callers: Callers | null = null;
  #upkeep: UpkeepRoutes | null = null;
  #leanHandlers: LeanHandlers | null = null;
  #leanRoutes: LeanRoutes | null = null;
  #isClosing = false;
  #onDone: RequestListener = () => undefined;

  constructor(clock: Clock, options: AdapterOptions) {
    super(createExpress(options.trustedProxies));
    this.#clock = clock;
    this.#tls = options.tls;
    this.#newWorkMsMax = options.newWorkMsMax;
    this.#turns = new FairTurns(clock);
    this.#loadShedder = new LoadShedder(clock, options.newWorkMsMax, (request) => this.#isUpkeep(request));
    this.connections = new Connections(clock, options, (exchange, connection) =>
      this.#begin(exchange, connection),
    );
  }

  /** Has routes marked as lean served without Express. To be called before it listens. */
  useLeanHandlers(handlers: LeanHandlers): void {
    this.#leanHandlers = handlers;
  }

  /**
   * Shares the server among its users, and has upkeep routes served to known callers whatever else there is to do. To be called
   * before it listens.
   */
  tellCallersApart(callers: Callers): void {
    this.#callers = callers;
    this.#upkeep = new UpkeepRoutes(this.getInstance(), (request) => callers.isBehind(request));
  }

  /** Has `listener` told of each request whose answer has been sent or whose client has gone. */
  onRequestDone(listener: RequestListener): void {
    this.#onDone = listener;
  }

  override initHttpServer(): void {
    const server = this.#createServer();
    this.connections.attachTo(server);
    server.once('listening', () => this.#findLeanRoutes());
    this.httpServer = server as typeof this.httpServer;
  }

  /** Answers with JSON or text, without Express's entity tags: no answer of this service may be cached. */
  override reply(response: Response, body: unknown, statusCode = response.statusCode): void {
    const isText = typeof body === 'string';
    const text = isText ? body : JSON.stringify(body ?? undefined);
    // Headers that are there already stay. One array for all others costs less than a call for each.
    const headers = response.hasHeader(REQUEST_ID)
      ? []
      : [REQUEST_ID, contextOf(response.req).requestId, ...NO_SNIFFING];
    if (this.#isClosing) headers.push('Connection', 'close');
    if (!response.hasHeader('Cache-Control')) headers.push('Cache-Control', 'no-store');
    if (text !== undefined && !response.hasHeader('Content-Type'))
      headers.push('Content-Type', isText ? PLAIN_TEXT : JSON_TEXT);
    if (statusCode !== 204) headers.push('Content-Length', String(Buffer.byteLength(text ?? '')));
    response.writeHead(statusCode, headers);
    response.end(text);
  }

  override status(response: Response, statusCode: number): Response {
    response.statusCode = statusCode;
    return response;
  }

  replyWithError(response: Response, { status, headers, body }: ErrorResponse): void {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    this.reply(response, body, status);
  }

  /** The methods that a path supports, as the routes were registered; none if there is nothing at that address. */
  methodsOf(path: string): string[] {
    const app: Express = this.getInstance();
    const layers = app.router.stack as unknown as readonly RouterLayer[];
    const methods = layers.flatMap((layer) =>
      layer.route !== undefined && layer.match(path) ? Object.keys(layer.route.methods) : [],
    );
    if (methods.includes('get')) methods.push('head');
    return [...new Set(methods)].map((method) => method.toUpperCase()).toSorted();
  }

  /** From here on every answer ends its connection. */
  override beforeClose(): void {
    this.#isClosing = true;
    super.beforeClose();
  }

  /** Ends all connections, whatever is under way on them. */
  cutConnections(): void {
    this.httpServer.closeAllConnections();
  }

  #createServer(): ServiceServer {
    if (this.#tls === null) return createServer(SERVER_LIMITS);
    const identity = readTlsIdentity(this.#tls);
    const server = createTlsServer({ ...SERVER_LIMITS, ...TLS_LIMITS, ...identity });
    new TlsRenewal(this.#clock, this.#tls, identity, server).attach();
    return server;
  }

  #begin({ request, response, expectsContinue }: Exchange, connection: Connection): void {
    const context = beginRequest(request, this.#clock.monotonicMs());
    connection.activeAtMs = context.startedAtMs;
    response.once('close', () => {
      this.#onDone(request, response, context);
      connection.done();
    });
    if (expectsContinue && announcedLength(request) <= BODY_BYTES_MAX) response.writeContinue();
    if (request.headers.host === undefined && request.httpVersion === '1.1') {
      const error = new OctoStoreError('malformed_request', { details: 'The Host header is missing.' });
      this.#refuse(response as Response, error, context);
      return;
    }
    if (this.#loadShedder.mustRefuse(request, context.startedAtMs)) {
      this.#shed(response as Response, context);
      return;
    }
    const user = connection.user ?? this.#callers?.userOf(request) ?? '';
    if (this.#turns.isAlone(user, context.startedAtMs)) this.#read(request, response, context);
    else this.#readInTurn(user, request, response, context);
  }

  #readInTurn(
    user: string,
    request: ServiceRequest,
    response: ServerResponse,
    context: RequestContext,
  ): void {
    this.#turns.take(
      user,
      () => this.#isUpkeep(request),
      (hasWaited) => {
        if (hasWaited) this.#readLate(request, response, context);
        else this.#read(request, response, context);
      },
    );
  }

  /** What has waited too long for its turn is new work that comes too late, unless it is upkeep. */
  #readLate(request: ServiceRequest, response: ServerResponse, context: RequestContext): void {
    if (response.destroyed) return;
    const waitedMs = this.#clock.monotonicMs() - context.startedAtMs;
    if (waitedMs > this.#newWorkMsMax && !this.#isUpkeep(request)) this.#shed(response as Response, context);
    else this.#read(request, response, context);
  }

  #isUpkeep(request: IncomingMessage): boolean {
    return this.#upkeep?.includes(request) ?? false;
  }

  #shed(response: Response, { requestId }: RequestContext): void {
    const error = new OctoStoreError('overloaded', { retryAfterMs: SHED_RETRY_AFTER_MS });
    this.replyWithError(response, errorResponse(error, requestId));
  }

  #read(request: ServiceRequest, response: ServerResponse, context: RequestContext): void {
    if (!hasBody(request)) {
      this.#route(request, response);
      return;
    }
    if (!isPlain(request)) {
      this.#refuse(response as Response, new OctoStoreError('unsupported_encoding'), context);
      return;
    }
    readBody(request, (error, body) => {
      request.body = body;
      if (error === null) this.#route(request, response);
      else this.#refuse(response as Response, error, context);
    });
  }

  #route(request: ServiceRequest, response: ServerResponse): void {
    if (this.#leanRoutes?.serve(request, response) === true) return;
    // What Express serves is not always answered by `reply`.
    response.setHeader(REQUEST_ID, contextOf(request).requestId).setHeader(...NO_SNIFFING);
    const app: Express = this.getInstance();
    const expressRequest = request as unknown as Request;
    app(expressRequest, response as Response, (error) => answerLeftover(this, expressRequest, error));
  }

  /** Answers a request of which not everything was read: the connection cannot be used any further. */
  #refuse(response: Response, error: OctoStoreError, { requestId }: RequestContext): void {
    response.setHeader('Connection', 'close');
    this.replyWithError(response, errorResponse(error, requestId));
  }

  #findLeanRoutes(): void {
    // All routes are there by then.
    const handlers = this.#leanHandlers;
    if (handlers === null) return;
    this.#leanRoutes = new LeanRoutes(this.getInstance(), (handle) => handlers.handlerOf(handle));
  }
}

const REQUEST_ID = 'X-Request-Id';
const JSON_TEXT = 'application/json; charset=utf-8';
const PLAIN_TEXT = 'text/plain; charset=utf-8';
const NO_SNIFFING = ['X-Content-Type-Options', 'nosniff'] as const;

function createExpress(trustedProxies: readonly string[]): Express {
  const app = express();
  app.disable('x-powered-by');
  // Lock names are case-sensitive, so the words beside them in a path are as well.
  app.enable('case sensitive routing');
  app.disable('etag');
  if (trustedProxies.length > 0) app.set('trust proxy', trustedProxies);
  return app;
}
