import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** What the HTTP layer notes about a request before any route sees it. */
export interface RequestContext {
  /** Goes into the answer, the error body and the log. */
  readonly requestId: string;
  /** When it arrived, on the monotonic clock. */
  readonly startedAtMs: number;
}

const ACCEPTABLE_ID = /^[a-zA-Z0-9._-]{1,64}$/;

const CONTEXT = Symbol('request context');

type Begun = IncomingMessage & { [CONTEXT]?: RequestContext };

/** Begins a request: takes the caller's request id if it is a harmless one, else makes one. */
export function beginRequest(request: Begun, startedAtMs: number): RequestContext {
  const offered = request.headers['x-request-id'];
  const requestId = typeof offered === 'string' && ACCEPTABLE_ID.test(offered) ? offered : randomUUID();
  const context: RequestContext = { requestId, startedAtMs };
  request[CONTEXT] = context;
  return context;
}

export function contextOf(request: Begun): RequestContext {
  const context = request[CONTEXT];
  if (context === undefined) throw new Error('the request has not been begun');
  return context;
}
