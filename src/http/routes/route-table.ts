import type { ServiceRequest } from '../input/service-request.js';
import { MethodRoutes } from './method-routes.js';
import { leftToExpress, NO_ROUTE, type Route } from './route.js';

/** All routes of the server. It says where a request goes, as Express would, before anything else is done for it. */
export class RouteTable {
  /** Those for HEAD included. */
  readonly routes: readonly Route[];
  readonly #byMethod: ReadonlyMap<string, MethodRoutes>;

  /** @param routes in the order in which Express has them. */
  constructor(routes: readonly Route[]) {
    this.routes = routes.flatMap((route) => [route, ...headOf(route)]);
    const methods = new Set(this.routes.map(({ method }) => method));
    const routesOf = (name: string): Route[] => this.routes.filter(({ method }) => method === name);
    this.#byMethod = new Map([...methods].map((name) => [name, new MethodRoutes(routesOf(name))]));
  }

  /**
   * The route of a request; `NO_ROUTE` if it has none. If nothing in its URL is unusual, the parameters are noted in the
   * request; otherwise the route is never a lean one.
   */
  match(request: ServiceRequest): Route {
    return this.#byMethod.get(request.method ?? '')?.match(request) ?? NO_ROUTE;
  }

  /** The methods that an address knows, in alphabetical order; none if there is nothing at it. */
  methodsAt(url: string): string[] {
    const known = [...this.#byMethod].filter(([, routes]) => routes.at(url) !== null);
    return known.map(([method]) => method).toSorted();
  }
}

/** Express answers HEAD with the routes of GET. */
function headOf(route: Route): Route[] {
  return route.method === 'GET' ? [{ ...leftToExpress(route), method: 'HEAD' }] : [];
}
