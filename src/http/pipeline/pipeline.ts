import type { ServerResponse } from 'node:http';
import type { Clock } from '../../clock/clock.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import type { Replies } from '../answer/replies.js';
import type { Connection } from '../connections/connection.js';
import type { Exchange } from '../connections/exchange.js';
import { announcedLength, BODY_BYTES_MAX, hasBody, isPlain, readBody } from '../input/request-body.js';
import {
  beginRequest,
  contextOf,
  type RequestContext,
  type ServiceRequest,
} from '../input/service-request.js';
import type { RequestServer } from '../request-server.js';
import type { Route } from '../routes/route.js';
import type { RouteTable } from '../routes/route-table.js';
import { upkeepFor, type Callers, type IsUpkeep } from './callers.js';
import { FairTurns } from './fair-turns.js';
import { LoadShedder } from './load-shedder.js';
import type { RouteServer } from './route-server.js';

/** When a client that was refused should try again, in milliseconds. */
const SHED_RETRY_AFTER_MS = 1000;

export type RequestListener = (
  request: ServiceRequest,
  response: ServerResponse,
  context: RequestContext,
) => void;

export interface PipelineParts {
  readonly clock: Clock;
  /** How many milliseconds the server may be behind before it refuses new work. */
  readonly newWorkMsMax: number;
  readonly routes: RouteTable;
  readonly callers: Callers;
  readonly server: RouteServer;
  readonly replies: Replies;
  /** Called for each request whose answer has been sent, or whose client has disconnected. */
  readonly onDone: RequestListener;
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

  begin({ request, response, expectsContinue }: Exchange, connection: Connection): void {
    const { clock, routes, replies, onDone } = this.#parts;
    const context = beginRequest(request, clock.monotonicMs());
    connection.activeAtMs = context.startedAtMs;
    response.once('close', () => {
      onDone(request, response, context);
      connection.done();
    });
    const route = routes.match(request);
    if (expectsContinue && announcedLength(request) <= BODY_BYTES_MAX) response.writeContinue();
    if (request.headers.host === undefined && request.httpVersion === '1.1')
      replies.breakOff(response, hostMissing());
    else if (this.#shedder.mustRefuse(request, route, context.startedAtMs)) this.#shed(response);
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
    const { server, replies } = this.#parts;
    if (!hasBody(request)) {
      server.serve(request, response, route);
      return;
    }
    if (!isPlain(request)) {
      replies.breakOff(response, new OctoStoreError('unsupported_encoding'));
      return;
    }
    readBody(request, (error, body) => {
      request.body = body;
      if (error === null) server.serve(request, response, route);
      else replies.breakOff(response, error);
    });
  }

  #shed(response: ServerResponse): void {
    this.#parts.replies.sendError(
      response,
      new OctoStoreError('overloaded', { retryAfterMs: SHED_RETRY_AFTER_MS }),
    );
  }
}

function hostMissing(): OctoStoreError {
  return new OctoStoreError('malformed_request', { details: 'The Host header is missing. Send one.' });
}
