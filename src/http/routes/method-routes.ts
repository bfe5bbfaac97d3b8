import type { ServiceRequest } from '../input/service-request.js';
import { ExpressPaths } from './express-paths.js';
import { isPlain, matchOf, type Match } from './plain-path.js';
import { leftToExpress, type Route } from './route.js';

interface Entry {
  readonly route: Route;
  /** The same route, for a request that Express must serve. */
  readonly byExpress: Route;
  readonly match: Match;
}

/** The routes for one method. */
export class MethodRoutes {
  readonly #entries: readonly Entry[];
  readonly #express: ExpressPaths;

  constructor(routes: readonly Route[]) {
    this.#entries = routes.map((route) => ({
      route,
      byExpress: leftToExpress(route),
      match: matchOf(route.path),
    }));
    this.#express = new ExpressPaths(this.#entries.map(({ byExpress }) => byExpress));
  }

  /** The route of a request. If the URL is plain, also sets the parameters of the request. */
  match(request: ServiceRequest): Route | null {
    const { url = '' } = request;
    if (!isPlain(url)) return this.at(url);
    for (const { route, match } of this.#entries) {
      const params = match(url);
      if (params === null) continue;
      request.params = params;
      return route;
    }
    return null;
  }

  /** The route at an address, for Express to serve. */
  at(url: string): Route | null {
    const [path = ''] = url.split('?', 1);
    if (!isPlain(path)) return this.#express.routeAt(url);
    return this.#entries.find(({ match }) => match(path) !== null)?.byExpress ?? null;
  }
}
