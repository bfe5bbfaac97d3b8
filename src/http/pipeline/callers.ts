import type { IncomingMessage } from 'node:http';
import type { Route } from '../routes/route.js';

/** Tells callers apart before it is known what they want. */
export interface Callers {
  /** A name for the user behind a request. */
  userOf(request: IncomingMessage): string;
  /** Whether somebody known is behind it. */
  isBehind(request: IncomingMessage): boolean;
}

/** Whether a request must be served whatever else there is to do. */
export type IsUpkeep = (request: IncomingMessage, route: Route) => boolean;

/** Such a request is for an upkeep route and, if that needs a caller, has one. */
export function upkeepFor(callers: Callers): IsUpkeep {
  return (request, route) => route.isUpkeep && (!route.needsCaller || callers.isBehind(request));
}
