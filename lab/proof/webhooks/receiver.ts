import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { TestCertificate } from '../../kit/doubles/certificate.js';
import type { Random } from '../../kit/random.js';
import { Inbox } from './inbox.js';
import type { Misbehaviour, Tools } from './misbehaviour.js';

export type Impostors = Pick<Tools, 'stranger' | 'elsewhere' | 'trapUrl'>;

/** How a receiver is bad. */
export interface Character {
  readonly misbehaviour: Misbehaviour;
  readonly impostors: Impostors;
  readonly random: Random;
  /** Times that it misbehaves in all; `Infinity` for a hopeless one. */
  readonly times: number;
}

/** A TCP connection and its number. */
interface Line {
  readonly number: number;
  readonly wire: Socket;
}

/** One attempt is bad, then maybe the next, but not the one after: what fails too often is given up. */
const BAD_IN_A_ROW_MAX = 2;

/** The chance that a receiver misbehaves, after the first time. */
const BAD_CHANCE = 0.25;

/** An HTTPS receiver of one webhook that takes what it is sent, apart from when it misbehaves. */
export class Receiver {
  readonly inbox = new Inbox();
  /** How often it misbehaved. */
  misbehaved = 0;
  /** Bytes that one connection took from it at most. */
  mostSent = 0;
  /** Connections that were ever made to it. */
  connections = 0;
  readonly #server: Server;
  readonly #https: HttpsServer;
  readonly #character: Character | null;
  readonly #sockets = new Set<Socket>();
  /** The latest connection from each of the other side's ports. */
  readonly #lines = new Map<number, Line>();
  #badInARow = 0;
  #isHealed = false;

  private constructor({ key, cert }: TestCertificate, character: Character | null) {
    this.#character = character;
    this.#https = createHttpsServer({ key, cert }, (request, response) => this.#serve(request, response));
    this.#https.on('clientError', () => undefined).on('tlsClientError', () => undefined);
    this.#https.on('secureConnection', (socket) => socket.on('error', () => undefined));
    this.#server = createServer((socket) => this.#accept(socket));
  }

  /** @param character Null for a good receiver. */
  static async start(certificate: TestCertificate, character: Character | null = null): Promise<Receiver> {
    const receiver = new Receiver(certificate, character);
    await new Promise<void>((resolve) => receiver.#server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get name(): string {
    return this.#character?.misbehaviour.name ?? 'good';
  }

  get isGood(): boolean {
    return this.#character === null;
  }

  get url(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`;
  }

  /** Connections that are open at this moment. */
  get open(): number {
    return this.#sockets.size;
  }

  /** Misbehaves no more. */
  heal(): void {
    this.#isHealed = true;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #accept(socket: Socket): void {
    this.connections += 1;
    this.#sockets.add(socket);
    const line = { number: this.connections, wire: socket };
    this.#lines.set(socket.remotePort ?? 0, line);
    socket.on('error', () => undefined);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      this.mostSent = Math.max(this.mostSent, socket.bytesWritten);
    });
    if (this.#misbehavesNow('connection')) this.#misbehave(socket, line);
    else this.#https.emit('connection', socket);
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    const line = this.#lines.get(socket.remotePort ?? 0);
    if (line === undefined) throw new Error('a request came out of nowhere');
    const isBadAtHead = this.#misbehavesNow('head');
    if (isBadAtHead) this.#misbehave(socket, line);
    if (isBadAtHead && this.#character?.misbehaviour.isDeaf === true) return;
    const chunks: Buffer[] = [];
    request.on('error', () => undefined);
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const isBad = isBadAtHead || this.#misbehavesNow('message');
      this.inbox.take({
        connection: line.number,
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
        isConfirmed: !isBad || this.#character?.misbehaviour.confirms === true,
      });
      if (!isBad) response.writeHead(204, this.#farewell).end();
      else if (!isBadAtHead) this.#misbehave(socket, line);
    });
  }

  /** Who misbehaves when a connection comes needs many of them. */
  get #farewell(): Record<string, string> {
    return this.#character?.misbehaviour.when === 'connection' ? { Connection: 'close' } : {};
  }

  #misbehavesNow(when: Misbehaviour['when']): boolean {
    const character = this.#character;
    if (character === null || character.misbehaviour.when !== when) return false;
    const { times, random } = character;
    const isHopeless = times === Infinity;
    const isBad =
      !this.#isHealed &&
      this.misbehaved < times &&
      (isHopeless ||
        this.misbehaved === 0 ||
        (this.#badInARow < BAD_IN_A_ROW_MAX && random.chance(BAD_CHANCE)));
    this.#badInARow = isBad ? this.#badInARow + 1 : 0;
    return isBad;
  }

  #misbehave(socket: Socket, { wire }: Line): void {
    if (this.#character === null) return;
    this.misbehaved += 1;
    const { misbehaviour, impostors } = this.#character;
    misbehaviour.act(socket, { ...impostors, ownUrl: this.url, wire });
  }
}
