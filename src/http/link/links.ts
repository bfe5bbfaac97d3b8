import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../../clock/clock.js';
import type { Connection } from '../connections/connection.js';
import { connectionOf, type Connections } from '../connections/connections.js';
import type { ForwardedRequests } from '../forwarded/forwarded-requests.js';
import { LINK_TARGET } from './handshake.js';
import { ServedLink } from './served-link.js';

interface LinksParts {
  readonly clock: Clock;
  /** Recognizes the servers that may open a link. */
  readonly forwarded: ForwardedRequests;
  readonly connections: () => Connections;
}

/** The links that other servers have opened. */
export class Links {
  readonly #parts: LinksParts;
  readonly #open = new Set<Socket>();

  constructor(parts: LinksParts) {
    this.#parts = parts;
  }

  /** Opens a link, if another server has asked for one. Returns whether it has. */
  accept(request: IncomingMessage, connection: Connection, first: Buffer): boolean {
    const { clock, forwarded, connections } = this.#parts;
    if (request.url !== LINK_TARGET || !forwarded.hasKey(request)) return false;
    const { socket } = connection;
    connection.share();
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
    const link = new ServedLink(socket, {
      clock,
      onLane: (lane) => connections().addLane(lane),
      serve: (exchange, lane) => connectionOf(lane).receive(exchange),
    });
    link.start(first);
    return true;
  }

  /** Closes all of them, with whatever is under way. Node does not count them among its connections. */
  cut(): void {
    for (const socket of this.#open) socket.destroy();
  }
}
