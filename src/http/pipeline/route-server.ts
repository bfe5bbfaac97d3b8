import type { ServerResponse } from 'node:http';
import type { Express, Request, Response } from 'express';
import { sendFallbackAnswer } from '../answer/fallback-answer.js';
import { setCommonHeaders, type Replies } from '../answer/replies.js';
import type { ServiceRequest } from '../input/service-request.js';
import { NO_ROUTE, type Route } from '../routes/route.js';
import type { LeanHandler } from './lean-handlers.js';

/** Serves requests whose bodies have been read, with the lean handlers of their routes or with Express. */
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
    // Errors in the route have already been answered. This fails only if the answer itself failed.
    handler(request, response).catch(() => response.destroy());
  }

  #serveByExpress(request: ServiceRequest, response: ServerResponse): void {
    // Not every answer of Express goes through `Replies`.
    setCommonHeaders(response);
    this.#express(request as unknown as Request, response as Response, (error) =>
      sendFallbackAnswer(this.#replies, response, error),
    );
  }
}
