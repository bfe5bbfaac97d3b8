import { randomUUID } from 'node:crypto';
import { IncomingMessage } from 'node:http';

/** What the HTTP layer notes about a request before any route sees it. */
export interface RequestContext {
  /** Goes into the answer, the error body and the log. */
  readonly requestId: string;
  /** When it arrived, on the monotonic clock. */
  readonly startedAtMs: number;
}

/** The body of a request without one. */
export const NO_BODY = Buffer.alloc(0);

const NO_PARAMETERS: PathParameters = {};

const ACCEPTABLE_ID = /^[a-zA-Z0-9._-]{1,64}$/;

/** A parameter of a path, or the components of a wildcard. */
export type PathParameters = Record<string, string | string[]>;

/**
 * A request of this server. What is noted about it has its place from the beginning: to give Node's object more properties
 * later costs more memory than all of them need.
 */
export class ServiceRequest extends IncomingMessage {
  context: RequestContext | null = null;
  params: PathParameters = NO_PARAMETERS;
  body: Buffer = NO_BODY;
  /** The route of the route table that serves it. Null until it is served, and if no route does. */
  servedBy: { readonly path: string } | null = null;
}

/** Begins a request: takes the caller's request id if it is a harmless one, else makes one. */
export function beginRequest(request: ServiceRequest, startedAtMs: number): RequestContext {
  const offered = request.headers['x-request-id'];
  const requestId = typeof offered === 'string' && ACCEPTABLE_ID.test(offered) ? offered : randomUUID();
  const context: RequestContext = { requestId, startedAtMs };
  request.context = context;
  return context;
}

export function contextOf(
  request: IncomingMessage & { readonly context?: RequestContext | null },
): RequestContext {
  const { context } = request;
  if (context === undefined || context === null) throw new Error('the request has not been begun');
  return context;
}
