import type { ServerResponse } from 'node:http';
import { OctoStoreError } from '../../errors/octostore-error.js';
import type { Connection } from '../connections/connection.js';
import type { Exchange } from '../connections/exchange.js';
import type { ForwardedRequests } from '../forwarded/forwarded-requests.js';
import { contextOf, type ServiceRequest } from '../input/service-request.js';
import type { RequestServer } from '../request-server.js';
import type { Tracing } from '../../tracing/tracing.js';
import type { Route } from '../routes/route.js';
import type { RouteTable } from '../routes/route-table.js';
import { upkeepFor, type Callers, type IsUpkeep } from './callers.js';
import { FairTurns } from './fair-turns.js';
import { LoadShedder } from './load-shedder.js';
import { openExchange, type OpeningParts } from './open-exchange.js';
import { receiveBody } from './receive-body.js';
import type { RouteServer } from './route-server.js';

/** When a client that was refused should try again, in milliseconds. */
const SHED_RETRY_AFTER_MS = 1000;

export interface PipelineParts extends OpeningParts {
  /** How many milliseconds the server may be behind before it refuses new work. */
  readonly newWorkMsMax: number;
  readonly routes: RouteTable;
  readonly callers: Callers;
  readonly server: RouteServer;
  readonly forwarded: ForwardedRequests;
  readonly tracing: Tracing;
}

/** The steps of every request: it begins, may be refused, waits for its turn, is read, and is served. */
export class Pipeline implements RequestServer {
  readonly #parts: PipelineParts;
  readonly #isUpkeep: IsUpkeep;
  readonly #shedder: LoadShedder;
  readonly #turns: FairTurns;

  constructor(parts: PipelineParts) {
    const { clock, newWorkMsMax, callers } = parts;
    this.#parts = parts;
    this.#turns = new FairTurns(clock);
    this.#isUpkeep = upkeepFor(callers);
    this.#shedder = new LoadShedder(clock, newWorkMsMax, this.#isUpkeep);
  }

  begin(exchange: Exchange, connection: Connection): void {
    const { request, response } = exchange;
    if (!openExchange(exchange, connection, this.#parts)) return;
    this.#parts.forwarded.recognize(request, connection);
    const route = this.#parts.routes.match(request);
    if (this.#shedder.mustRefuse(request, route, contextOf(request).startedAtMs)) this.#shed(response);
    else this.#takeTurn(request, response, route, connection);
  }

  #takeTurn(request: ServiceRequest, response: ServerResponse, route: Route, connection: Connection): void {
    const { callers } = this.#parts;
    const user = connection.user ?? callers.userOf(request);
    if (this.#turns.isAlone(user, contextOf(request).startedAtMs)) {
      this.#read(request, response, route);
      return;
    }
    this.#turns.take(
      user,
      () => this.#isUpkeep(request, route),
      (hasWaited) => {
        if (hasWaited) this.#readLate(request, response, route);
        else this.#read(request, response, route);
      },
    );
  }

  #readLate(request: ServiceRequest, response: ServerResponse, route: Route): void {
    if (response.destroyed) return;
    if (this.#shedder.mustRefuseLate(request, route, contextOf(request).startedAtMs)) this.#shed(response);
    else this.#read(request, response, route);
  }

  #read(request: ServiceRequest, response: ServerResponse, route: Route): void {
    const { server, replies, tracing } = this.#parts;
    receiveBody(request, response, replies, () =>
      tracing.serve(request, contextOf(request).startedAtMs, () => server.serve(request, response, route)),
    );
  }

  #shed(response: ServerResponse): void {
    this.#parts.replies.sendError(
      response,
      new OctoStoreError('overloaded', { retryAfterMs: SHED_RETRY_AFTER_MS }),
    );
  }
}
