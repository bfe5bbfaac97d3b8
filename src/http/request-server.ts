import type { Connection } from './connections/connection.js';
import type { Exchange } from './connections/exchange.js';

/** What serves the requests that a listening server receives. It can be exchanged while the server listens. */
export interface RequestServer {
  /** Serves a request. Calls `connection.done()` once, when the response has closed. */
  begin(exchange: Exchange, connection: Connection): void;
}
