import type { ServiceRequest } from '../input/service-request.js';
import { MethodRoutes } from './method-routes.js';
import { leftToExpress, NO_ROUTE, type Route } from './route.js';

/** All routes of the server. It finds the route of a request, exactly as Express would, before anything else is done. */
export class RouteTable {
  /** Includes the routes for HEAD. */
  readonly routes: readonly Route[];
  readonly #byMethod: ReadonlyMap<string, MethodRoutes>;

  /** @param routes The routes in the order of Express. */
  constructor(routes: readonly Route[]) {
    this.routes = routes.flatMap((route) => [route, ...headOf(route)]);
    const methods = new Set(this.routes.map(({ method }) => method));
    const routesOf = (name: string): Route[] => this.routes.filter(({ method }) => method === name);
    this.#byMethod = new Map([...methods].map((name) => [name, new MethodRoutes(routesOf(name))]));
  }

  /**
   * The route of a request, or `NO_ROUTE` if there is none. If the URL is plain, also sets the parameters of the request.
   * Otherwise the route is never lean.
   */
  match(request: ServiceRequest): Route {
    return this.#byMethod.get(request.method ?? '')?.match(request) ?? NO_ROUTE;
  }

  /** The methods that an address supports, in alphabetical order. Empty if there is nothing at the address. */
  methodsAt(url: string): string[] {
    const known = [...this.#byMethod].filter(([, routes]) => routes.at(url) !== null);
    return known.map(([method]) => method).toSorted();
  }
}

/** Express answers HEAD with the routes of GET. */
function headOf(route: Route): Route[] {
  return route.method === 'GET' ? [{ ...leftToExpress(route), method: 'HEAD' }] : [];
}
