import type { IncomingMessage } from 'node:http';
import type { Route } from '../routes/route.js';

/** Identifies the caller of a request before its handler runs. */
export interface Callers {
  /** A name for the user who sent a request. */
  userOf(request: IncomingMessage): string;
  /** Whether a known user sent the request. */
  isKnown(request: IncomingMessage): boolean;
}

/** Whether a request must be served even under overload. */
export type IsUpkeep = (request: IncomingMessage, route: Route) => boolean;

/** A request is upkeep if its route is an upkeep route, and its caller may use that route. */
export function upkeepFor(callers: Callers): IsUpkeep {
  return (request, route) => route.isUpkeep && (!route.needsCaller || callers.isKnown(request));
}
