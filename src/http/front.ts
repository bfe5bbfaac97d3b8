import type { AddressInfo } from 'node:net';
import type { Clock } from '../clock/clock.js';
import { Connections, type ConnectionLimits, type ServiceServer } from './connections/connections.js';
import { createServer } from './create-server.js';
import { ForwardedRequests } from './forwarded/forwarded-requests.js';
import { Links } from './link/links.js';
import type { RequestServer } from './request-server.js';
import type { TlsPaths } from './tls/tls-files.js';

export interface FrontOptions extends ConnectionLimits {
  /** Null for plain HTTP. */
  readonly tls: TlsPaths | null;
  /** What the other servers on the same database send. Empty if there are none. */
  readonly forwardingKeys: readonly string[];
}

/** The listening server of a process, with its connections. What serves their requests can be exchanged while it listens. */
export class Front {
  readonly connections: Connections;
  readonly server: ServiceServer;
  readonly #scheme: 'http' | 'https';
  readonly #links: Links;
  #serving: RequestServer | null = null;

  constructor(clock: Clock, options: FrontOptions) {
    this.#scheme = options.tls === null ? 'http' : 'https';
    this.connections = new Connections(
      clock,
      options,
      (exchange, connection) => this.#serving?.begin(exchange, connection),
      (...tunnel) => this.#links.accept(...tunnel),
    );
    this.#links = new Links({
      clock,
      forwarded: new ForwardedRequests(options.forwardingKeys),
      connections: () => this.connections,
    });
    this.server = createServer(clock, options.tls);
    this.connections.attachTo(this.server);
  }

  /** Who serves the requests that begin from now on. Call this before the server listens. */
  serveThrough(serving: RequestServer): void {
    this.#serving = serving;
  }

  /** Resolves with the URL of the address, once connections are accepted. */
  listen({ host, port }: { readonly host: string; readonly port: number }): Promise<string> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, () => {
        this.server.off('error', reject);
        resolve(this.#url);
      });
    });
  }

  /** Closes all connections, with whatever is under way on them. */
  cutConnections(): void {
    this.server.closeAllConnections();
    this.#links.cut();
  }

  get #url(): string {
    const { address, family, port } = this.server.address() as AddressInfo;
    return `${this.#scheme}://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  }
}
