import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { TestCertificate } from '../../kit/doubles/certificate.js';
import type { Random } from '../../kit/random.js';
import { Inbox } from './inbox.js';
import type { Misbehaviour, Tools } from './misbehaviour.js';

export type HelperServers = Pick<Tools, 'untrusted' | 'wrongHost' | 'trapUrl'>;

/** How a receiver misbehaves. */
export interface BadBehaviour {
  readonly misbehaviour: Misbehaviour;
  readonly helpers: HelperServers;
  readonly random: Random;
  /** How many times it misbehaves in total. `Infinity` for always. */
  readonly times: number;
}

/** A TCP connection and its number. */
interface TcpConnection {
  readonly number: number;
  readonly tcp: Socket;
}

/** A receiver misbehaves at most this many times in a row, since a delivery that fails too often becomes a dead letter. */
const BAD_IN_A_ROW_MAX = 2;

/** The probability that a receiver misbehaves, after the first time. */
const BAD_CHANCE = 0.25;

/** The HTTPS receiver of one webhook. It accepts every message, except when it misbehaves. */
export class Receiver {
  readonly inbox = new Inbox();
  /** How many times it has misbehaved. */
  misbehaved = 0;
  /** The largest number of bytes that it sent on one connection. */
  mostSent = 0;
  /** The total number of connections to it. */
  connections = 0;
  readonly #server: Server;
  readonly #https: HttpsServer;
  readonly #behaviour: BadBehaviour | null;
  readonly #sockets = new Set<Socket>();
  /** The latest connection from each remote port. */
  readonly #lines = new Map<number, TcpConnection>();
  #badInARow = 0;
  #hasRecovered = false;

  private constructor({ key, cert }: TestCertificate, behaviour: BadBehaviour | null) {
    this.#behaviour = behaviour;
    this.#https = createHttpsServer({ key, cert }, (request, response) => this.#serve(request, response));
    this.#https.on('clientError', () => undefined).on('tlsClientError', () => undefined);
    this.#https.on('secureConnection', (socket) => socket.on('error', () => undefined));
    this.#server = createServer((socket) => this.#accept(socket));
  }

  /** @param behaviour null for a good receiver. */
  static async start(certificate: TestCertificate, behaviour: BadBehaviour | null = null): Promise<Receiver> {
    const receiver = new Receiver(certificate, behaviour);
    await new Promise<void>((resolve) => receiver.#server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get name(): string {
    return this.#behaviour?.misbehaviour.name ?? 'good';
  }

  get isGood(): boolean {
    return this.#behaviour === null;
  }

  get url(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`;
  }

  /** The number of connections that are open now. */
  get open(): number {
    return this.#sockets.size;
  }

  /** Stops misbehaving. */
  recover(): void {
    this.#hasRecovered = true;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #accept(socket: Socket): void {
    this.connections += 1;
    this.#sockets.add(socket);
    const connection = { number: this.connections, tcp: socket };
    this.#lines.set(socket.remotePort ?? 0, connection);
    socket.on('error', () => undefined);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      this.mostSent = Math.max(this.mostSent, socket.bytesWritten);
    });
    if (this.#misbehavesNow('connection')) this.#misbehave(socket, connection);
    else this.#https.emit('connection', socket);
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    const connection = this.#lines.get(socket.remotePort ?? 0);
    if (connection === undefined) throw new Error('a request arrived on an unknown connection');
    const isBadAtHead = this.#misbehavesNow('head');
    if (isBadAtHead) this.#misbehave(socket, connection);
    if (isBadAtHead && this.#behaviour?.misbehaviour.stopsReading === true) return;
    const chunks: Buffer[] = [];
    request.on('error', () => undefined);
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const isBad = isBadAtHead || this.#misbehavesNow('message');
      this.inbox.add({
        connection: connection.number,
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
        isConfirmed: !isBad || this.#behaviour?.misbehaviour.confirms === true,
      });
      if (!isBad) response.writeHead(204, this.#closingHeaders).end();
      else if (!isBadAtHead) this.#misbehave(socket, connection);
    });
  }

  /** A receiver that misbehaves on connections needs many connections. */
  get #closingHeaders(): Record<string, string> {
    return this.#behaviour?.misbehaviour.when === 'connection' ? { Connection: 'close' } : {};
  }

  #misbehavesNow(when: Misbehaviour['when']): boolean {
    const behaviour = this.#behaviour;
    if (behaviour === null || behaviour.misbehaviour.when !== when) return false;
    const { times, random } = behaviour;
    const isAlwaysBad = times === Infinity;
    const isBad =
      !this.#hasRecovered &&
      this.misbehaved < times &&
      (isAlwaysBad ||
        this.misbehaved === 0 ||
        (this.#badInARow < BAD_IN_A_ROW_MAX && random.chance(BAD_CHANCE)));
    this.#badInARow = isBad ? this.#badInARow + 1 : 0;
    return isBad;
  }

  #misbehave(socket: Socket, { tcp }: TcpConnection): void {
    if (this.#behaviour === null) return;
    this.misbehaved += 1;
    const { misbehaviour, helpers } = this.#behaviour;
    misbehaviour.act(socket, { ...helpers, ownUrl: this.url, tcp });
  }
}
