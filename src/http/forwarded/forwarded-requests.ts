import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Connection } from '../connections/connection.js';
import type { ServiceRequest } from '../input/service-request.js';
import { FORWARDED_HEADERS, KEY_SEPARATOR } from './forwarded-headers.js';

/** Recognizes the requests that other servers on the same database forward. */
export class ForwardedRequests {
  readonly #keys: readonly Buffer[];

  /** @param keys what the other servers send, one of them at least. Empty if there are no others. */
  constructor(keys: readonly string[]) {
    this.#keys = keys.map((key) => Buffer.from(key, 'latin1'));
  }

  /**
   * Records who the client of a forwarded request is, and that its connection carries the requests of many. Headers with
   * other keys are ignored. Returns whether the request is forwarded.
   */
  recognize(request: ServiceRequest, connection: Connection): boolean {
    // It has arrived on a link.
    if (request.forwardedFor !== null) return true;
    if (!this.hasKey(request)) return false;
    const client = request.headers[FORWARDED_HEADERS.client];
    request.forwardedFor = typeof client === 'string' ? client : '';
    connection.share();
    return true;
  }

  /** Whether another server has sent a request. */
  hasKey({ headers }: IncomingMessage): boolean {
    const presented = headers[FORWARDED_HEADERS.key];
    return typeof presented === 'string' && presented.split(KEY_SEPARATOR).some((key) => this.#isKey(key));
  }

  /** Compares in constant time, except for the length. */
  #isKey(presented: string): boolean {
    const bytes = Buffer.from(presented, 'latin1');
    return this.#keys.some((key) => bytes.length === key.length && timingSafeEqual(bytes, key));
  }
}
