import { Router, type Request, type Response } from 'express';
import type { Route } from './route.js';

/** What a router of Express is asked. It looks like a request to it. */
interface Question {
  readonly method: string;
  readonly url: string;
  readonly routes: Route[];
}

const NO_RESPONSE = {} as Response;

/** Tells what Express makes of a path, whatever is in it, by asking a router of its own that has the same routes. */
export class ExpressPaths {
  readonly #router = Router({ caseSensitive: true });

  constructor(routes: readonly Route[]) {
    for (const route of routes) {
      this.#router.all(route.path, (question, _response, next) => {
        (question as unknown as Question).routes.push(route);
        next();
      });
    }
  }

  /** The routes at an address, whatever their methods, in their order. There are none at one that cannot be decoded. */
  routesAt(url: string): readonly Route[] {
    const question: Question = { method: 'GET', url, routes: [] };
    this.#router(question as unknown as Request, NO_RESPONSE, () => undefined);
    return question.routes;
  }
}
