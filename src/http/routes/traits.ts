import { SetMetadata, type Type } from '@nestjs/common';
import { Reflector } from '@nestjs/core';

/** What the server must know about a route before it serves a request. */
export interface Traits {
  readonly isLean: boolean;
  readonly isUpkeep: boolean;
  /** Whether callers need a token or a key. Guards check that. This says in advance that they will. */
  readonly needsCaller: boolean;
}

/** The traits of a route without these decorators. */
export const DEFAULT_TRAITS: Traits = {
  isLean: false,
  isUpkeep: false,
  needsCaller: false,
};

const LEAN = 'lean route';
const UPKEEP = 'upkeep route';
const NEEDS_CALLER = 'route for known callers';

/**
 * Serves a route without Express, and calls its guards and pipes without promises. Its handler, guards and pipes get Node's
 * own request and response, with `params`, `body` and `servedBy` added, but without the other properties and methods of
 * Express. Middleware does not run.
 *
 * For the few routes that get most requests: the frameworks' path to a handler costs more than the handler itself.
 */
export function Lean(): MethodDecorator {
  return SetMetadata(LEAN, true);
}

/**
 * Serves a route even under overload. Use it for routes that keep or release what is held, show operators the state of the
 * server, or revoke a token that floods it. If the route needs a caller, this applies only to requests with a valid token or
 * key.
 */
export function Upkeep(): MethodDecorator {
  return SetMetadata(UPKEEP, true);
}

/** Declares that the guards of a route, or of all routes of a controller, require a token or a key. */
export function NeedsCaller(): MethodDecorator & ClassDecorator {
  return SetMetadata(NEEDS_CALLER, true);
}

const reflector = new Reflector();

/** The traits of a handler, from its own decorators or else from those of its controller. */
export function traitsOf(controller: Type, handler: (...args: never[]) => unknown): Traits {
  const noted = (key: string, usual: boolean): boolean =>
    reflector.getAllAndOverride<boolean | undefined>(key, [handler, controller]) ?? usual;
  return {
    isLean: noted(LEAN, DEFAULT_TRAITS.isLean),
    isUpkeep: noted(UPKEEP, DEFAULT_TRAITS.isUpkeep),
    needsCaller: noted(NEEDS_CALLER, DEFAULT_TRAITS.needsCaller),
  };
}
