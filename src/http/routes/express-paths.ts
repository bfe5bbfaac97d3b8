import { Router, type Request, type Response } from 'express';
import type { Route } from './route.js';

/** A fake request for an Express router. The router sets `answer`. */
interface FakeRequest {
  readonly method: string;
  readonly url: string;
  answer: Route | null;
}

const NO_RESPONSE = {} as Response;

/** Finds the route that Express would choose for any address, by asking an Express router with the same paths. */
export class ExpressPaths {
  readonly #router = Router({ caseSensitive: true });

  constructor(routes: readonly Route[]) {
    for (const route of routes) {
      this.#router.all(route.path, (request) => {
        (request as unknown as FakeRequest).answer = route;
      });
    }
  }

  /** The first route whose path matches the address. Null if there is none, or if the address cannot be decoded. */
  routeAt(url: string): Route | null {
    const request: FakeRequest = { method: 'GET', url, answer: null };
    this.#router(request as unknown as Request, NO_RESPONSE, () => undefined);
    return request.answer;
  }
}
