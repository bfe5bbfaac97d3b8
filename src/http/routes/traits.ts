import { SetMetadata, type Type } from '@nestjs/common';
import { Reflector } from '@nestjs/core';

/** What the server has to know of a route before it serves a request. */
export interface Traits {
  readonly isLean: boolean;
  readonly isUpkeep: boolean;
  /** Whether callers must bring a token or a key. Guards check it; this says beforehand that they will. */
  readonly needsCaller: boolean;
}

/** Of a route that says nothing else. */
export const USUAL_TRAITS: Traits = {
  isLean: false,
  isUpkeep: false,
  needsCaller: false,
};

const LEAN = 'lean route';
const UPKEEP = 'upkeep route';
const NEEDS_CALLER = 'route for known callers';

/**
 * Has a route served without Express, and its guards and pipes called without promises. Its handler, guards and pipes get
 * Node's own request and response, with `params`, `body` and `servedBy` added, and no other property or method that Express would
 * add; middleware is not run for it.
 *
 * For the few routes that make the load: the frameworks' way to a handler costs more than all that it does.
 */
export function Lean(): MethodDecorator {
  return SetMetadata(LEAN, true);
}

/**
 * Has a route served even while the server has more to do than it can: one that keeps or frees what is held, shows operators
 * how the server is, or takes away the token that floods it. If the route needs a caller, this holds only for requests with a
 * valid token or key.
 */
export function Upkeep(): MethodDecorator {
  return SetMetadata(UPKEEP, true);
}

/** Says that the guards of a route, or of all routes of a controller, let nobody in without a token or a key. */
export function NeedsCaller(): MethodDecorator & ClassDecorator {
  return SetMetadata(NEEDS_CALLER, true);
}

const reflector = new Reflector();

/** The traits that a handler has from the decorators above: its own, or else those of its controller. */
export function traitsOf(controller: Type, handler: (...args: never[]) => unknown): Traits {
  const noted = (key: string, usual: boolean): boolean =>
    reflector.getAllAndOverride<boolean | undefined>(key, [handler, controller]) ?? usual;
  return {
    isLean: noted(LEAN, USUAL_TRAITS.isLean),
    isUpkeep: noted(UPKEEP, USUAL_TRAITS.isUpkeep),
    needsCaller: noted(NEEDS_CALLER, USUAL_TRAITS.needsCaller),
  };
}
