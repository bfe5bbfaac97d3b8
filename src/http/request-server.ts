import type { Connection } from './connections/connection.js';
import type { Exchange } from './connections/exchange.js';

/** Serves the requests of a listening server. */
export interface RequestServer {
  /** Serves one request. Must call `connection.done()` when its response has closed. */
  begin(exchange: Exchange, connection: Connection): void;
}
