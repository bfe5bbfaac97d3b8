import type { ServiceRequest } from '../input/service-request.js';
import { ExpressPaths } from './express-paths.js';
import { isPlain, matchOf, type Match } from './plain-path.js';
import { NO_ROUTE, type Route } from './route.js';

interface Entry {
  readonly route: Route;
  readonly match: Match;
}

/** All routes of the server. It says where a request goes, as Express would, before anything else is done for it. */
export class RouteTable {
  /** Those for HEAD included. */
  readonly routes: readonly Route[];
  readonly #byMethod: ReadonlyMap<string, readonly Entry[]>;
  /** The same routes for requests that Express must serve. */
  readonly #byExpress: readonly Entry[];
  readonly #expressPaths: ExpressPaths;

  /** @param routes in the order in which Express has them. */
  constructor(routes: readonly Route[]) {
    this.routes = routes.flatMap((route) => [route, ...headOf(route)]);
    this.#byMethod = byMethod(this.routes.map(entryOf));
    const byExpress = this.routes.map(leftToExpress);
    this.#byExpress = byExpress.map(entryOf);
    this.#expressPaths = new ExpressPaths(byExpress);
  }

  /**
   * The route of a request; `NO_ROUTE` if it has none. If the path is a plain one, its parameters are noted in the request;
   * if not, the route is never a lean one.
   */
  match(request: ServiceRequest): Route {
    const { method = '', url = '' } = request;
    if (!isPlain(url)) return this.#routesAt(url).find((route) => route.method === method) ?? NO_ROUTE;
    for (const { route, match } of this.#byMethod.get(method) ?? []) {
      const params = match(url);
      if (params === null) continue;
      request.params = params;
      return route;
    }
    return NO_ROUTE;
  }

  /** The methods that an address knows, in alphabetical order; none if there is nothing at it. */
  methodsAt(url: string): string[] {
    return [...new Set(this.#routesAt(url).map(({ method }) => method))].toSorted();
  }

  /** The routes at an address, whatever their methods. */
  #routesAt(url: string): readonly Route[] {
    const [path = ''] = url.split('?', 1);
    if (!isPlain(path)) return this.#expressPaths.routesAt(url);
    return this.#byExpress.filter(({ match }) => match(path) !== null).map(({ route }) => route);
  }
}

/** Express answers HEAD with the routes of GET. */
function headOf(route: Route): Route[] {
  return route.method === 'GET' ? [{ ...leftToExpress(route), method: 'HEAD' }] : [];
}

function leftToExpress(route: Route): Route {
  return { ...route, isLean: false };
}

function byMethod(entries: readonly Entry[]): ReadonlyMap<string, readonly Entry[]> {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const { method } = entry.route;
    groups.set(method, [...(groups.get(method) ?? []), entry]);
  }
  return groups;
}

function entryOf(route: Route): Entry {
  return { route, match: matchOf(route.path) };
}
