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

const TRACE: ReadonlySet<string> = new Set(['traceparent', 'tracestate']);

/**
 * The headers of a client's request that are forwarded, as names and values in turn.
 *
 * @param replacing by their names in lower case. Null to forward those of the client.
 */
export function forwardedHeaders(
  request: ServiceRequest,
  replacing: Readonly<Record<string, string>> | null = null,
): string[] {
  const { rawHeaders } = request;
  const named = namedByConnection(request.headers.connection);
  const headers: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    const lowerCase = name.toLowerCase();
    if (OWN.has(lowerCase) || isHopByHop(lowerCase, named)) continue;
    if (replacing !== null && TRACE.has(lowerCase)) continue;
    headers.push(name, rawHeaders[index + 1] ?? '');
  }
  headers.push('X-Request-Id', contextOf(request).requestId);
  if (replacing !== null) headers.push(...Object.entries(replacing).flat());
  return headers;
}
