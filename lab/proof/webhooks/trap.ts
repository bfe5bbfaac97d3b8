import { createServer, type AddressInfo, type Server } from 'node:net';

/** Listens on one port of every address of this machine, and counts who comes. */
export class Trap {
  /** How often each address was connected to. */
  readonly caught = new Map<string, number>();
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => {
      const address = socket.localAddress?.replace('::ffff:', '') ?? '';
      this.caught.set(address, (this.caught.get(address) ?? 0) + 1);
      socket.on('error', () => undefined).destroy();
    });
  }

  /** Without version 6 of IP on this machine it listens on all addresses of version 4. */
  static async set(): Promise<Trap> {
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
    return [...this.caught.values()].reduce((sum, count) => sum + count, 0);
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
