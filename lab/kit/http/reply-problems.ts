import { ERRORS, type ErrorCode } from '../../../src/errors/error-table.js';
import type { Reply } from './client.js';

/** Statuses that must come with a `Retry-After`. */
const RETRYABLE = new Set([409, 429, 503]);

/** Conflicts that no retry resolves. They come without a `Retry-After`. */
export const LASTING_CONFLICTS: ReadonlySet<unknown> = new Set<ErrorCode>([
  'lease_mismatch',
  'ambiguous_lease_id',
  'stale_fencing_token',
  'service_account_exists',
]);

/** What is wrong with a reply, by the rules that hold for every route. */
export function commonProblemsOf({ status, headers, body }: Reply): string[] {
  const problems: string[] = [];
  const requestId = headers.get('x-request-id');
  if (requestId === null) problems.push('X-Request-Id is missing');
  if (headers.get('cache-control') !== cachingOf(body))
    problems.push(`Cache-Control is not ${cachingOf(body)}`);
  if (headers.get('x-content-type-options') !== 'nosniff') problems.push('nosniff is missing');
  if (headers.get('etag')?.startsWith('W/') === true)
    problems.push('a weak ETag is present, which Express makes for caches');
  if (headers.has('x-powered-by')) problems.push('X-Powered-By is present, which reveals the implementation');
  if (status === 401 && headers.get('www-authenticate') === null)
    problems.push('WWW-Authenticate is missing');
  // A health probe may answer 503 without being an error.
  if (status >= 400 && 'code' in body) problems.push(...errorProblemsOf(status, headers, body, requestId));
  return problems;
}

/** Only the set of public keys may be cached. */
function cachingOf(body: Reply['body']): string {
  return Object.hasOwn(body, 'keys') ? 'public, max-age=300' : 'no-store';
}

function errorProblemsOf(
  status: number,
  headers: Headers,
  body: Reply['body'],
  requestId: string | null,
): string[] {
  const problems: string[] = [];
  const entry = Object.entries(ERRORS).find(([code]) => code === body['code']);
  if (entry === undefined) problems.push(`the code ${String(body['code'])} is unknown`);
  else if (entry[1].status !== status) problems.push(`the code ${entry[0]} belongs to ${entry[1].status}`);
  if (body['request_id'] !== requestId) problems.push('request_id differs from X-Request-Id');
  const retryAfter = headers.get('retry-after');
  if (LASTING_CONFLICTS.has(body['code'])) {
    if (retryAfter !== null) problems.push('Retry-After is present, but no retry can help');
  } else if (RETRYABLE.has(status) && (retryAfter === null || !/^[1-9]\d*$/.test(retryAfter)))
    problems.push('Retry-After is missing or not a whole number of seconds');
  return problems;
}
