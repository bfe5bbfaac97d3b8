import { httpRequest } from '../../../src/bench/load/http-request.js';
import { TOKEN } from '../../kit/server/built-server.js';

/** The bytes of a request about a lock. */
export function lockRequest(
  verb: 'acquire' | 'renew' | 'release',
  lock: string,
  body: object,
  token = TOKEN,
): Buffer {
  return httpRequest({ method: 'POST', path: `/locks/${encodeURIComponent(lock)}/${verb}`, token, body });
}
