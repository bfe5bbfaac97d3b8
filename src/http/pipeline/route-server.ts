import type { ServerResponse } from 'node:http';
import type { Express, Request, Response } from 'express';
import { answerLeftover } from '../answer/leftover.js';
import { setCommonHeaders, type Replies } from '../answer/replies.js';
import type { ServiceRequest } from '../input/service-request.js';
import { NO_ROUTE, type Route } from '../routes/route.js';
import type { LeanHandler } from './lean-handlers.js';

/** Serves requests whose bodies have been read: by the lean handlers of their routes, or by Express. */
export class RouteServer {
  readonly #lean: ReadonlyMap<Route, LeanHandler>;
  readonly #express: Express;
  readonly #replies: Replies;

  constructor(lean: ReadonlyMap<Route, LeanHandler>, express: Express, replies: Replies) {
    this.#lean = lean;
    this.#express = express;
    this.#replies = replies;
  }

  serve(request: ServiceRequest, response: ServerResponse, route: Route): void {
    const handler = this.#lean.get(route);
    if (route !== NO_ROUTE) request.servedBy = route;
    if (handler === undefined) {
      this.#serveByExpress(request, response);
      return;
    }
    // All that goes wrong in a route has been answered by then, unless the answering went wrong.
    handler(request, response).catch(() => response.destroy());
  }

  #serveByExpress(request: ServiceRequest, response: ServerResponse): void {
    // What Express serves is not always answered by `Replies`.
    setCommonHeaders(response);
    this.#express(request as unknown as Request, response as Response, (error) =>
      answerLeftover(this.#replies, response, error),
    );
  }
}
