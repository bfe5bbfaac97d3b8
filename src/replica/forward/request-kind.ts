import type { ServiceRequest } from '../../http/input/service-request.js';
import { isPlain, matchOf, type Match } from '../../http/routes/plain-path.js';
import { hasLeaseId, mayWait } from './acquire-body.js';

const AUTH = '/auth/';

const BROWSER_SESSION = /^\/auth\/session(?:\?|$)/;

const WATCH = /\/watch(?:\?|$)/;

const ACQUIRE = routes('/locks/*name/acquire', '/leases');

/** No listings, and no events. */
const SHORT = /^\/(?:locks|leases|sessions|fences)(?:\/|$)/;

/** Requests that only ask. */
const ASK = routes('/fences/*name/check');

/** Requests that have the same effect if the leader gets them twice. */
const REPEATABLE: Readonly<Record<string, readonly Match[]>> = {
  POST: routes(
    '/locks/*name/renew',
    '/leases/:id/renew',
    '/sessions/:id/keepalive',
    '/fences/*name/advance',
    '/fences/*name/check',
    // It would give another token, and the first one ends unused.
    '/auth/exchange',
  ),
  DELETE: routes('/queues/*name/:lease_id'),
};

/** Whether a request changes nothing. A sign-in does, although it is a GET. */
export function isRead({ method, url = '' }: ServiceRequest): boolean {
  if (method === 'GET' || method === 'HEAD')
    return url.startsWith('/') && (!url.startsWith(AUTH) || BROWSER_SESSION.test(url));
  return method === 'POST' && isAt(ASK, url);
}

/** Whether a request that may have been carried out can be sent again. */
export function isRepeatable(request: ServiceRequest): boolean {
  const { method = '', url = '', body } = request;
  return isRead(request) || isAt(REPEATABLE[method] ?? [], url) || (isAcquire(request) && hasLeaseId(body));
}

/** Whether the answer may take so long that a client that is gone must be noticed. */
export function isWait(request: ServiceRequest): boolean {
  const { method, url = '', body } = request;
  return method === 'GET' ? WATCH.test(url) : isAcquire(request) && mayWait(body);
}

/** Whether a request and its answer are short, so that they delay no others on the same connection. */
export function isShort({ method, url = '' }: ServiceRequest): boolean {
  return method === 'POST' && SHORT.test(url) && isPlain(url);
}

export function isAcquire({ method, url = '' }: ServiceRequest): boolean {
  return method === 'POST' && isAt(ACQUIRE, url);
}

function routes(...paths: readonly string[]): readonly Match[] {
  return paths.map(matchOf);
}

/** Other paths may mean something else to the leader's router. */
function isAt(matches: readonly Match[], url: string): boolean {
  return isPlain(url) && matches.some((match) => match(url) !== null);
}
