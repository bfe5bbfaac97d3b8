import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Which side's bytes are counted. */
export type Direction = 'request' | 'answer';

/** Passes bytes to a server on this machine and back, and cuts the connection at an exact byte when it is told to. */
export class CuttingProxy {
  readonly #server: Server;
  readonly #connections = new Set<Socket>();
  #plan: { readonly direction: Direction; left: number } | null = null;
  #isBlocked = false;
  /** All bytes that were passed on so far. */
  readonly passed: Record<Direction, number> = { request: 0, answer: 0 };

  private constructor(targetPort: number) {
    this.#server = createServer((client) => this.#accept(client, targetPort));
  }

  static async start(targetPort: number): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(targetPort);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Passes on so many more bytes in a direction, then cuts all connections, once. */
  cutAfter(bytes: number, direction: Direction): void {
    this.#plan = { direction, left: bytes };
  }

  /** Passes nothing on for the present connections, in either direction, and keeps them. New ones are served. */
  stall(): void {
    for (const socket of this.#connections) socket.pause();
  }

  /** Cuts all connections, and every new one at once, until `unblock`. */
  block(): void {
    this.#isBlocked = true;
    this.cutAll();
  }

  unblock(): void {
    this.#isBlocked = false;
  }

  /** Whether a planned cut has not happened yet. */
  get isCutPlanned(): boolean {
    return this.#plan !== null;
  }

  cutAll(): void {
    for (const socket of this.#connections) socket.destroy();
  }

  async stop(): Promise<void> {
    this.cutAll();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(client: Socket, targetPort: number): void {
    if (this.#isBlocked) return void client.destroy();
    const server = connect(targetPort, '127.0.0.1');
    this.#join(client, server, 'request');
    this.#join(server, client, 'answer');
  }

  #join(from: Socket, to: Socket, direction: Direction): void {
    from.setNoDelay(true);
    this.#connections.add(from);
    from.on('data', (bytes) => this.#pass(bytes, to, direction));
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.#connections.delete(from);
      to.destroy();
    });
  }

  #pass(bytes: Buffer, to: Socket, direction: Direction): void {
    const plan = this.#plan?.direction === direction ? this.#plan : null;
    const count = Math.min(bytes.length, plan?.left ?? Infinity);
    this.passed[direction] += count;
    if (plan === null || bytes.length < plan.left) {
      if (plan !== null) plan.left -= count;
      to.write(bytes);
      return;
    }
    this.#plan = null;
    // What was passed on must arrive before the connection ends.
    to.write(bytes.subarray(0, count), () => this.#end(to));
  }

  #end(last: Socket): void {
    last.end();
    for (const socket of this.#connections) if (socket !== last) socket.destroy();
  }
}
