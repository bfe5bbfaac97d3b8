import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { pause } from '../../../src/process/time.js';
import type { Address } from '../http/connection.js';
import type { Random } from '../random.js';

/** The probabilities for each chunk of data. */
const CUT_CHANCE = 0.01;
const DELAY_CHANCE = 0.03;
const DELAY_MAX_MS = 40;

/** A TCP proxy on loopback that delays data and cuts connections: before, within and after requests and answers. */
export class FaultyProxy {
  cuts = 0;
  delays = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(
    readonly target: () => Address,
    private readonly random: Random,
  ) {
    this.#server = createServer((client) => this.#serve(client));
  }

  static async start(target: () => Address, random: Random): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(target, random);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get address(): Address {
    return { host: '127.0.0.1', port: (this.#server.address() as AddressInfo).port };
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #serve(client: Socket): void {
    const server = connect(this.target());
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      this.#sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        this.#sockets.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
    this.#forward(client, server);
    this.#forward(server, client);
  }

  #forward(from: Socket, to: Socket): void {
    let last = Promise.resolve();
    from.on('data', (bytes: Buffer) => {
      last = last.then(() => this.#pass(bytes, from, to));
    });
  }

  async #pass(bytes: Buffer, from: Socket, to: Socket): Promise<void> {
    if (this.random.chance(DELAY_CHANCE)) {
      this.delays += 1;
      await pause(this.random.between(0, DELAY_MAX_MS));
    }
    if (this.random.chance(CUT_CHANCE)) {
      this.cuts += 1;
      to.end(bytes.subarray(0, this.random.below(bytes.length)));
      from.destroy();
      return;
    }
    if (to.writable) to.write(bytes);
  }
}
