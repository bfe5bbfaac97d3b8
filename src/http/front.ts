import type { AddressInfo } from 'node:net';
import type { Clock } from '../clock/clock.js';
import { Connections, type ConnectionLimits, type ServiceServer } from './connections/connections.js';
import { createServer } from './create-server.js';
import type { RequestServer } from './request-server.js';
import type { TlsPaths } from './tls/tls-files.js';

export interface FrontOptions extends ConnectionLimits {
  /** Null for plain HTTP. */
  readonly tls: TlsPaths | null;
}

/** The listening server of a process, with its connections. What serves their requests can be exchanged while it listens. */
export class Front {
  readonly connections: Connections;
  readonly server: ServiceServer;
  readonly #scheme: 'http' | 'https';
  #serving: RequestServer | null = null;

  constructor(clock: Clock, options: FrontOptions) {
    this.#scheme = options.tls === null ? 'http' : 'https';
    this.connections = new Connections(clock, options, (exchange, connection) =>
      this.#serving?.begin(exchange, connection),
    );
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
  }

  get #url(): string {
    const { address, family, port } = this.server.address() as AddressInfo;
    return `${this.#scheme}://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  }
}
