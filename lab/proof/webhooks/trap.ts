import { createServer, type AddressInfo, type Server } from 'node:net';

/** Listens on one port of every local address, and counts the connections. */
export class Trap {
  /** The number of connections by local address. */
  readonly connectionsTo = new Map<string, number>();
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => {
      const address = socket.localAddress?.replace('::ffff:', '') ?? '';
      this.connectionsTo.set(address, (this.connectionsTo.get(address) ?? 0) + 1);
      socket.on('error', () => undefined).destroy();
    });
  }

  /** On a machine without IPv6, it listens on all IPv4 addresses. */
  static async listen(): Promise<Trap> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', () => server.once('error', reject).listen(0, '0.0.0.0'));
      server.once('listening', resolve).listen(0, '::');
    });
    return new Trap(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get connections(): number {
    return [...this.connectionsTo.values()].reduce((sum, count) => sum + count, 0);
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
