import { randomUUID } from 'node:crypto';
import { IncomingMessage } from 'node:http';

/** What the HTTP layer records about a request before it reaches a route. */
export interface RequestContext {
  /** Sent in the answer and in error bodies, and logged. */
  readonly requestId: string;
  /** When the request arrived, on the monotonic clock. */
  readonly startedAtMs: number;
}

/** The body of a request without one. */
export const NO_BODY = Buffer.alloc(0);

const NO_PARAMETERS: PathParameters = {};

const ACCEPTABLE_ID = /^[a-zA-Z0-9._-]{1,64}$/;

/** The parameters of a path. The value of a wildcard is a list of its components. */
export type PathParameters = Record<string, string | string[]>;

/**
 * A request to this server. All our properties exist from the beginning, because adding properties to Node's object later
 * costs far more memory.
 */
export class ServiceRequest extends IncomingMessage {
  context: RequestContext | null = null;
  params: PathParameters = NO_PARAMETERS;
  body: Buffer = NO_BODY;
  /** The client's address, if another server has forwarded the request. Null if it came from the client. */
  forwardedFor: string | null = null;
  /** The route of the route table that serves it. Null until it is served, and if no route does. */
  servedBy: { readonly path: string } | null = null;
}

/** Begins a request. Uses the caller's request id if it is safe, and otherwise creates one. */
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
