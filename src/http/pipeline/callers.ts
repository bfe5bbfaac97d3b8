import type { IncomingMessage } from 'node:http';
import type { Route } from '../routes/route.js';

/** Tells callers apart before it is known what they want. */
export interface Callers {
  /** A name for the user behind a request. */
  userOf(request: IncomingMessage): string;
  /** Whether somebody known is behind it. */
  isBehind(request: IncomingMessage): boolean;
}

/** Whether a request must be served whatever else there is to do: the route is an upkeep route and is for its caller. */
export function isUpkeep(request: IncomingMessage, route: Route, callers: Callers): boolean {
  return route.isUpkeep && (!route.needsCaller || callers.isBehind(request));
}
