import { FORWARDED_HEADERS } from '../../http/forwarded/forwarded-headers.js';
import { contextOf, type ServiceRequest } from '../../http/input/service-request.js';
import { isHopByHop, namedByConnection } from './hop-by-hop.js';

const REQUEST_ID = 'x-request-id';

/** What this server decides itself: the body has been read, and these headers are set below or with the connection. */
const OWN: ReadonlySet<string> = new Set([
  'content-length',
  'expect',
  REQUEST_ID,
  FORWARDED_HEADERS.key,
  FORWARDED_HEADERS.client,
]);

/** The headers of a client's request that are forwarded, as names and values in turn. */
export function forwardedHeaders(request: ServiceRequest): string[] {
  const { rawHeaders } = request;
  const named = namedByConnection(request.headers.connection);
  const headers: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    const lowerCase = name.toLowerCase();
    if (OWN.has(lowerCase) || isHopByHop(lowerCase, named)) continue;
    headers.push(name, rawHeaders[index + 1] ?? '');
  }
  headers.push('X-Request-Id', contextOf(request).requestId);
  return headers;
}
