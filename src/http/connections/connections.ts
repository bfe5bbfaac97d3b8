import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../clock/clock.js';
import type { ErrorCode } from '../../errors/error-table.js';
import { Connection } from './connection.js';
import { ConnectionRoom } from './connection-room.js';
import type { ServiceRequest } from '../input/service-request.js';
import type { Exchange } from './exchange.js';
import { PipelineRoom } from './pipeline-room.js';
import { refuse } from './refuse.js';
import { UnreadAnswers } from './unread-answers.js';

export interface ConnectionLimits {
  /** Connections that may be open at the same time. */
  readonly maxConnections: number;
  /** Pipelined requests that all connections together may hold back. */
  readonly maxPipelined: number;
  /** Milliseconds after which a client that takes nothing of its answer is cut off. */
  readonly unreadMsMax: number;
}

/** Node's server, as it makes requests of ours. */
export type ServiceServer = Server<typeof ServiceRequest>;

type Serve = (exchange: Exchange, connection: Connection) => void;

/** What a broken request at the protocol level is, by Node's error code. */
const PROBLEMS: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};

/** Any other error of Node's HTTP parser. What is not one is an error of the connection itself. */
const PARSER_ERROR = /^HPE_/;

const CONNECTION = Symbol('connection');

type Owned = Duplex & { [CONNECTION]?: Connection };

/** The connection behind a socket of the server. */
export function connectionOf(socket: Owned): Connection {
  const connection = socket[CONNECTION];
  if (connection === undefined) throw new Error('the socket is not one of the server');
  return connection;
}

function receive(exchange: Exchange): void {
  connectionOf(exchange.request.socket).receive(exchange);
}

/** The open connections of an HTTP server: what comes in on them, in their order, and what ends them. */
export class Connections {
  /** How many connections have been ended to keep the others going, by reason. */
  readonly cut = { dropped: 0, idle: 0, unread: 0 };
  readonly #clock: Clock;
  readonly #open = new Set<Connection>();
  readonly #parts: ConstructorParameters<typeof Connection>[1];
  readonly #limits: ConnectionLimits;

  constructor(clock: Clock, limits: ConnectionLimits, serve: Serve) {
    this.#clock = clock;
    this.#limits = limits;
    this.#parts = { clock, room: new PipelineRoom(limits.maxPipelined), serve };
  }

  get count(): number {
    return this.#open.size;
  }

  /** Requests that wait behind others of their connections. */
  get held(): number {
    return this.#parts.room.held;
  }

  /** Takes what comes in on a server. To be called before it listens. */
  attachTo(server: ServiceServer): void {
    // A client that has sent its request may close its half of the connection. It is answered all the same.
    Object.assign(server, { httpAllowHalfOpen: true });
    this.#followOpen(server);
    // A client that expects anything but to be told to go on is served like any other.
    for (const event of ['request', 'checkExpectation'])
      server.on(event, (request, response) => receive({ request, response, expectsContinue: false }));
    server.on('checkContinue', (request, response) => receive({ request, response, expectsContinue: true }));
    server.on('clientError', (error, socket) => this.#onClientError(error, socket));
    server.on('connect', (_request, socket) => this.#refuseTunnel(socket));
  }

  #followOpen(server: ServiceServer): void {
    const room = new ConnectionRoom(this.#clock, this.#limits.maxConnections, this.#open, this.cut);
    const unread = new UnreadAnswers(this.#clock, this.#limits.unreadMsMax, this.#open, this.cut);
    room.attachTo(server);
    // With TLS, what a request comes on is not the socket that was accepted, but one on top of it.
    const opened = server instanceof TlsServer ? 'secureConnection' : 'connection';
    server.on(opened, (socket: Socket) => this.#opened(socket));
    server.once('listening', () => unread.start());
    server.once('close', () => unread.stop());
  }

  #opened(socket: Socket & Owned): void {
    const connection = new Connection(socket, this.#parts);
    socket[CONNECTION] = connection;
    this.#open.add(connection);
    socket.once('close', () => this.#open.delete(connection));
  }

  #onClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
    const code = error.code ?? '';
    const problem = PROBLEMS[code] ?? (PARSER_ERROR.test(code) ? 'malformed_request' : null);
    if (problem === null) socket.destroy();
    else connectionOf(socket).breakOff(problem);
  }

  /** Somebody takes this for a proxy. */
  #refuseTunnel(socket: Duplex): void {
    if (connectionOf(socket).isIdle) refuse(socket, 'malformed_request', this.#clock);
    else socket.on('error', () => undefined).destroy();
  }
}
