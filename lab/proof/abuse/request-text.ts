import { httpRequest, type RequestParts } from '../../../src/bench/load/http-request.js';
import { TOKENS, type User } from './abused-server.js';

/** The bytes of a request, one character per byte. */
export function requestText(
  method: RequestParts['method'],
  path: string,
  user?: User,
  body?: object,
): string {
  const token = user === undefined ? {} : { token: TOKENS[user] };
  return httpRequest({ method, path, ...token, ...(body === undefined ? {} : { body }) }).toString('latin1');
}

/** An acquire that waits for the lock. */
export function waitText(lock: string, user: User, waitSeconds = 60): string {
  const body = { ttl_seconds: 60, wait_seconds: waitSeconds };
  return requestText('POST', `/locks/${lock}/acquire`, user, body);
}
