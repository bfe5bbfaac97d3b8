import type { IncomingMessage } from 'node:http';
import type { Route } from '../routes/route.js';

/** Identifies the caller of a request before the request is routed. */
export interface Callers {
  /** A name for the user who sent a request. */
  userOf(request: IncomingMessage): string;
  /** Whether a known user sent the request. */
  isBehind(request: IncomingMessage): boolean;
}

/** Whether a request must be served even under overload: its route is an upkeep route, and its caller may use it. */
export function isUpkeep(request: IncomingMessage, route: Route, callers: Callers): boolean {
  return route.isUpkeep && (!route.needsCaller || callers.isBehind(request));
}
