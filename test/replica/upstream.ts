import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { reset } from '../../lab/kit/http/reset.js';
import { ownAddress } from '../../lab/kit/proxy/own-address.js';
import { SystemClock } from '../../src/clock/system-clock.js';
import { ServedLink } from '../../src/http/link/served-link.js';
import type { LeaderTarget } from '../../src/replica/forward/leader-target.js';

/** A request that an upstream has read completely, with the response to it. */
export interface Received {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: string;
}

/** Answers a request, or not. */
export type Behaviour = (received: Received) => void;

export const HANG: Behaviour = () => undefined;

/** As the answer of a server that certainly did nothing. */
export const UNSERVED: Behaviour = ({ response }) =>
  response
    .writeHead(503, { 'Octostore-Unserved': '1', 'Content-Type': 'application/json' })
    .end('{"code":"shutting_down"}');

export const RESET: Behaviour = ({ request }) => reset(request.socket);

export function answer(text: string, status = 200): Behaviour {
  return ({ response }) => response.writeHead(status, { 'Content-Type': 'text/plain' }).end(text);
}

let reigns = 0;

/** A leader that behaves as badly as a test wants. It answers probes by itself. */
export class Upstream {
  /** Whether it answers probes. */
  isAlive = true;
  probes = 0;
  /** Accepts a link. Null to refuse it, as servers do that know of none. */
  onLink: ((socket: Socket, first: Buffer) => void) | null = null;
  readonly #server: Server;
  readonly #received: Received[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #links = new Set<Socket>();
  readonly #behaviours: Behaviour[] = [];
  #usual: Behaviour;
  #wake: () => void = () => undefined;
  readonly reign = `reign-${(reigns += 1)}`;

  private constructor(usual: Behaviour) {
    this.#usual = usual;
    this.#server = createServer((request, response) => this.#read(request, response));
    this.#server.on('connect', (_request, socket, first) => this.#connect(socket as Socket, first));
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(usual: Behaviour = answer('served')): Promise<Upstream> {
    const upstream = new Upstream(usual);
    await new Promise<void>((resolve) => {
      upstream.#server.listen(0, '127.0.0.1', resolve);
    });
    onTestFinished(() => upstream.stop());
    return upstream;
  }

  /** Like `start`, but accepts links. */
  static async startLinked(usual?: Behaviour): Promise<Upstream> {
    const upstream = await Upstream.start(usual);
    upstream.onLink = (socket, first) => upstream.#link(socket, first);
    return upstream;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get target(): LeaderTarget {
    return { url: this.url, reign: this.reign };
  }

  get connections(): number {
    return this.#sockets.size;
  }

  /** How it answers the next requests, one after the other. Then it does what it usually does. */
  next(...behaviours: readonly Behaviour[]): this {
    this.#behaviours.push(...behaviours);
    return this;
  }

  /** The next request that has arrived. */
  async received(): Promise<Received> {
    for (;;) {
      const received = this.#received.shift();
      if (received !== undefined) return received;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Requests that have arrived and were not looked at. */
  get unseen(): number {
    return this.#received.length;
  }

  cutLinks(): void {
    for (const socket of this.#links) socket.destroy();
  }

  stop(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #connect(socket: Socket, first: Buffer): void {
    if (this.onLink !== null) return this.onLink(socket, first);
    this.#sockets.delete(socket);
    socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n');
  }

  #link(socket: Socket, first: Buffer): void {
    this.#links.add(socket);
    const link = new ServedLink(socket, {
      clock: new SystemClock(),
      onLane: () => undefined,
      serve: ({ request, response }) => this.#serve({ request, response, body: request.body.toString() }),
    });
    link.start(first);
  }

  #read(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => this.#serve({ request, response, body: Buffer.concat(chunks).toString() }));
    request.on('error', () => undefined);
  }

  #serve(received: Received): void {
    const { request, response } = received;
    if (request.url === '/health/live') {
      this.probes += 1;
      if (this.isAlive) response.end('{"status":"alive"}');
      return;
    }
    this.#received.push(received);
    this.#wake();
    (this.#behaviours.shift() ?? this.#usual)(received);
  }
}

/** A target where nothing listens, and nothing will. */
export function nowhere(): LeaderTarget {
  const { host, port } = ownAddress();
  return { url: `http://${host}:${port}`, reign: 'nowhere' };
}
