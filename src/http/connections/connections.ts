import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../clock/clock.js';
import type { ErrorCode } from '../../errors/error-table.js';
import { Connection } from './connection.js';
import { ConnectionLimiter } from './connection-limiter.js';
import type { ServiceRequest } from '../input/service-request.js';
import type { Exchange } from './exchange.js';
import { PipelineLimit } from './pipeline-limit.js';
import { refuse } from './refuse.js';
import { UnreadAnswers } from './unread-answers.js';

export interface ConnectionLimits {
  /** Connections that may be open at the same time. */
  readonly maxConnections: number;
  /** How many pipelined requests may be held back, over all connections. */
  readonly maxPipelined: number;
  /** Milliseconds after which a client that reads nothing of its answer is disconnected. */
  readonly unreadMsMax: number;
}

/** Takes over a connection whose client has sent a CONNECT request. Returns false if it refuses it. */
export type AcceptTunnel = (request: IncomingMessage, connection: Connection, first: Buffer) => boolean;

/** Node's server, with our class for requests. */
export type ServiceServer = Server<typeof ServiceRequest>;

type Serve = (exchange: Exchange, connection: Connection) => void;

/** Our error code for a request that breaks the protocol, by Node's error code. */
const PROBLEMS: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};

/** Any other error of Node's HTTP parser. All other errors are errors of the connection itself. */
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

/** The open connections of an HTTP server. It passes their requests on in order, and closes connections that cost too much. */
export class Connections {
  /** How many connections have been closed to protect the others, by reason. */
  readonly cut = { dropped: 0, idle: 0, unread: 0 };
  readonly #clock: Clock;
  readonly #open = new Set<Connection>();
  readonly #parts: ConstructorParameters<typeof Connection>[1];
  readonly #limits: ConnectionLimits;
  readonly #acceptTunnel: AcceptTunnel;

  constructor(
    clock: Clock,
    limits: ConnectionLimits,
    serve: Serve,
    acceptTunnel: AcceptTunnel = () => false,
  ) {
    this.#clock = clock;
    this.#limits = limits;
    this.#acceptTunnel = acceptTunnel;
    this.#parts = { clock, pipelined: new PipelineLimit(limits.maxPipelined), serve };
  }

  get count(): number {
    return this.#open.size;
  }

  /** How many requests are waiting behind others on the same connection. */
  get held(): number {
    return this.#parts.pipelined.held;
  }

  /** Handles the connections of a server. Call this before it listens. */
  attachTo(server: ServiceServer): void {
    // A client may close its half of the connection after it has sent a request. It still gets an answer.
    Object.assign(server, { httpAllowHalfOpen: true });
    this.#followOpen(server);
    // An `Expect` header other than `100-continue` is ignored.
    for (const event of ['request', 'checkExpectation'])
      server.on(event, (request, response) => receive({ request, response, expectsContinue: false }));
    server.on('checkContinue', (request, response) => receive({ request, response, expectsContinue: true }));
    server.on('clientError', (error, socket) => this.#onClientError(error, socket));
    server.on('connect', (request, socket, first) => this.#connect(request, socket as Socket, first));
  }

  /** Adds what has requests of another server for a socket. It counts for no connection of its own. */
  addLane(lane: Owned): void {
    const connection = new Connection(lane as Socket, this.#parts);
    connection.share();
    lane[CONNECTION] = connection;
  }

  #followOpen(server: ServiceServer): void {
    const limiter = new ConnectionLimiter(this.#clock, this.#limits.maxConnections, this.#open, this.cut);
    const unread = new UnreadAnswers(this.#clock, this.#limits.unreadMsMax, this.#open, this.cut);
    limiter.attachTo(server);
    // With TLS, requests arrive on a socket that wraps the accepted one.
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

  /** Refuses a CONNECT request, because this server is no proxy, unless it has another use for it. */
  #connect(request: IncomingMessage, socket: Socket, first: Buffer): void {
    const connection = connectionOf(socket);
    if (!connection.isIdle) socket.on('error', () => undefined).destroy();
    else if (!this.#acceptTunnel(request, connection, first))
      refuse(socket, 'malformed_request', this.#clock);
  }
}
