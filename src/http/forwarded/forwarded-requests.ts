import { timingSafeEqual } from 'node:crypto';
import type { Connection } from '../connections/connection.js';
import type { ServiceRequest } from '../input/service-request.js';
import { FORWARDED_HEADERS } from './forwarded-headers.js';

/** Recognizes the requests that other servers on the same database forward. */
export class ForwardedRequests {
  readonly #key: Buffer | null;

  /** @param key what the other servers send. Null if there are none. */
  constructor(key: string | null) {
    this.#key = key === null ? null : Buffer.from(key, 'latin1');
  }

  /**
   * Records who the client of a forwarded request is, and that its connection carries the requests of many. Headers with
   * another key are ignored. Returns whether the request is forwarded.
   */
  recognize(request: ServiceRequest, connection: Connection): boolean {
    const presented = request.headers[FORWARDED_HEADERS.key];
    if (presented === undefined || !this.#isKey(presented)) return false;
    const client = request.headers[FORWARDED_HEADERS.client];
    request.forwardedFor = typeof client === 'string' ? client : '';
    connection.share();
    return true;
  }

  /** Compares in constant time, except for the length. */
  #isKey(presented: string | string[]): boolean {
    if (this.#key === null || typeof presented !== 'string') return false;
    const bytes = Buffer.from(presented, 'latin1');
    return bytes.length === this.#key.length && timingSafeEqual(bytes, this.#key);
  }
}
