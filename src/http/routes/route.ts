import type { Type } from '@nestjs/common';
import { DEFAULT_TRAITS, type Traits } from './traits.js';

/** The method of a controller that serves a route. */
export interface Target {
  readonly controller: Type<object>;
  readonly method: string;
}

export interface Route extends Traits {
  readonly method: string;
  /** In Express's syntax, such as `/locks/*name/acquire`. */
  readonly path: string;
  /** Null if no controller serves the route. */
  readonly target: Target | null;
}

/** The route of requests that match none. */
export const NO_ROUTE: Route = { method: '', path: '', target: null, ...DEFAULT_TRAITS };

/** The same route, for requests that only Express can serve. */
export function leftToExpress(route: Route): Route {
  return { ...route, isLean: false };
}
