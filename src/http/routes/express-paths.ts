import { Router, type Request, type Response } from 'express';
import type { Route } from './route.js';

/** What a router of Express is asked. It takes this for a request. */
interface Question {
  readonly method: string;
  readonly url: string;
  answer: Route | null;
}

const NO_RESPONSE = {} as Response;

/** Tells what Express makes of an address, whatever is in it, by asking a router of Express that has the same paths. */
export class ExpressPaths {
  readonly #router = Router({ caseSensitive: true });

  constructor(routes: readonly Route[]) {
    for (const route of routes) {
      this.#router.all(route.path, (question) => {
        (question as unknown as Question).answer = route;
      });
    }
  }

  /** The first route whose path the address has. Null if there is none, or if the address cannot be decoded. */
  routeAt(url: string): Route | null {
    const question: Question = { method: 'GET', url, answer: null };
    this.#router(question as unknown as Request, NO_RESPONSE, () => undefined);
    return question.answer;
  }
}
