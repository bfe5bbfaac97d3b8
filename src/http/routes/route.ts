import type { Type } from '@nestjs/common';
import { USUAL_TRAITS, type Traits } from './traits.js';

/** The method of a controller that serves a route. */
export interface Target {
  readonly controller: Type<object>;
  readonly method: string;
}

export interface Route extends Traits {
  readonly method: string;
  /** As Express has it, such as `/locks/*name/acquire`. */
  readonly path: string;
  /** Null if no controller serves it. */
  readonly target: Target | null;
}

/** Stands for the route of a request that has none. */
export const NO_ROUTE: Route = { method: '', path: '', target: null, ...USUAL_TRAITS };

/** The route for requests that only Express can serve. */
export function leftToExpress(route: Route): Route {
  return { ...route, isLean: false };
}
