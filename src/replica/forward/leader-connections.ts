import { Client, type buildConnector } from 'undici';
import type { Clock } from '../../clock/clock.js';

/**
 * How long an idle connection is kept, in milliseconds. The leader keeps it for longer, so that it never closes one that a
 * request is just being sent on.
 */
const KEEP_ALIVE_MS = { default: 4_000, max: 30_000 } as const;

/**
 * The connections to a leader. Each serves one request at a time, because one that waits would hold up all behind it.
 *
 * Undici's own pool looks through its connections at each request, which takes long if thousands of them carry waits and event
 * streams. Their number is limited by the number of client connections, each of which has one request under way.
 */
export class LeaderConnections {
  readonly #origin: string;
  readonly #clock: Clock;
  readonly #connect: buildConnector.connector;
  readonly #all = new Set<Client>();
  /** The one that was used last is taken first, so that those at the beginning can time out. */
  readonly #idle: Client[] = [];

  constructor(origin: string, clock: Clock, connect: buildConnector.connector) {
    this.#origin = origin;
    this.#clock = clock;
    this.#connect = connect;
  }

  take(): Client {
    return this.#idle.pop() ?? this.#open();
  }

  /** Keeps a connection whose request has been answered. Undici uses it again only in the next turn of the event loop. */
  giveBack(client: Client): void {
    this.#clock.defer(() => {
      if (this.#all.has(client)) this.#idle.push(client);
    });
  }

  /** Closes a connection, with what is under way on it. */
  cut(client: Client): void {
    this.#all.delete(client);
    client.destroy().catch(() => undefined);
  }

  /** Closes all connections, with what is under way on them. */
  cutAll(): void {
    this.#idle.length = 0;
    for (const client of this.#all) this.cut(client);
  }

  #open(): Client {
    const client = new Client(this.#origin, {
      connect: this.#connect,
      pipelining: 1,
      // Waits and event streams take as long as they take.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: KEEP_ALIVE_MS.default,
      keepAliveMaxTimeout: KEEP_ALIVE_MS.max,
    });
    this.#all.add(client);
    client.on('disconnect', () => this.#disconnected(client));
    return client;
  }

  /** Forgets an idle connection that has timed out. One that is in use reports the loss to its request. */
  #disconnected(client: Client): void {
    const index = this.#idle.indexOf(client);
    if (index === -1) return;
    this.#idle.splice(index, 1);
    this.cut(client);
  }
}
