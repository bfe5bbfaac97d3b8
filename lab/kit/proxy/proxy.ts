import {
  createServer,
  request as sendRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';
import type { Address } from '../http/connection.js';
import { nowMs, pause } from '../../../src/process/time.js';
import type { Exchange } from './exchange.js';
import { Faults, type Fault } from './fault.js';
import { operationOf } from './operations.js';
import { ownAddress } from './own-address.js';

const OVERTAKEN_WITHIN_MS = 10_000;

/** Stands between the SDK under test and the server. It forwards and records every request, and injects faults. */
export class Proxy {
  readonly faults = new Faults();
  readonly exchanges: Exchange[] = [];
  readonly #target: () => Address;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #address = ownAddress();
  readonly #onChange = new Set<() => void>();

  private constructor(target: () => Address) {
    this.#target = target;
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
    // Closing an idle connection would be a fault that no scenario asked for.
    this.#server.keepAliveTimeout = 0;
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(target: () => Address): Promise<Proxy> {
    const proxy = new Proxy(target);
    await proxy.up();
    return proxy;
  }

  get url(): string {
    return `http://${this.#address.host}:${this.#address.port}`;
  }

  /** Listens, on the same address as before. */
  async up(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#address, resolve);
    });
  }

  /** Cuts all connections and refuses new ones. */
  async down(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.cut();
    await closed;
  }

  /** Cuts all connections. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** The requests of one operation so far. */
  seen(operation: string): Exchange[] {
    return this.exchanges.filter((exchange) => operation === 'any' || exchange.operation === operation);
  }

  /** Resolves when `isMet` returns true, or after `timeoutMs`. It is checked again after each request and answer. */
  async until(isMet: () => boolean, timeoutMs: number): Promise<void> {
    if (isMet()) return;
    await new Promise<void>((resolve) => {
      const check = (): void => {
        if (isMet()) end();
      };
      const end = (): void => {
        clearTimeout(timer);
        this.#onChange.delete(check);
        resolve();
      };
      const timer = setTimeout(end, timeoutMs);
      this.#onChange.add(check);
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const exchange = exchangeOf(request, body);
    this.exchanges.push(exchange);
    this.#notifyChange();
    response.once('finish', () => {
      exchange.status = response.statusCode;
      this.#notifyChange();
    });
    await this.#answer(exchange, this.faults.take(exchange.operation), request, body, response);
  }

  async #answer(
    { operation }: Exchange,
    fault: Fault | null,
    request: IncomingMessage,
    body: Buffer,
    response: ServerResponse,
  ): Promise<void> {
    if (fault?.hang === true) return;
    if (fault?.cut === 'before') return void response.destroy();
    if (fault?.cut_after_ms !== undefined) cutLater(response, fault.cut_after_ms);
    if (fault?.delay_ms !== undefined) await pause(fault.delay_ms);
    if (fault?.overtaken_by !== undefined) await this.#overtaken(fault.overtaken_by, fault.answer, response);
    else if (fault?.answer !== undefined && !fault.answer.forward) return respond(fault.answer, response);
    const answer = await this.#forward(request, body, response, fault?.query ?? {});
    if (operation === 'watch' && answer.statusCode === 200) return passStream(answer, response, fault);
    const answerBody = await bodyOf(answer);
    if (fault?.late_ms !== undefined) await pause(fault.late_ms);
    if (fault?.cut === 'after') return void response.destroy();
    if (response.writableEnded) return;
    if (fault?.answer !== undefined) return respond(fault.answer, response);
    response.writeHead(answer.statusCode ?? 502, passedHeaders(answer));
    if (fault?.cut !== 'within') return void response.end(answerBody);
    response.write(answerBody.subarray(0, answerBody.length / 2), () => response.destroy());
  }

  /** Resolves once a request of an operation has been answered. Answers the request that it overtakes, if it has an answer. */
  async #overtaken(operation: string, answer: Fault['answer'], response: ServerResponse): Promise<void> {
    const before = this.seen(operation).length;
    if (answer !== undefined) respond(answer, response);
    const isOvertaken = (): boolean =>
      this.seen(operation)
        .slice(before)
        .some(({ status }) => status !== null);
    await this.until(isOvertaken, OVERTAKEN_WITHIN_MS);
  }

  /** Resolves with the head of the server's answer. If the client disconnects, the forwarded request is aborted. */
  #forward(
    { method, url = '/', headers }: IncomingMessage,
    body: Buffer,
    response: ServerResponse,
    query: Readonly<Record<string, string>>,
  ): Promise<IncomingMessage> {
    const target = new URL(url, 'http://proxy');
    for (const [name, value] of Object.entries(query)) target.searchParams.set(name, value);
    const path = Object.keys(query).length === 0 ? url : target.pathname + target.search;
    return new Promise((resolve, reject) => {
      const { connection: _, 'transfer-encoding': __, ...passed } = headers;
      const length = body.length === 0 ? {} : { 'content-length': body.length };
      const all = { ...passed, ...length };
      const onward = sendRequest({ ...this.#target(), method, path, headers: all, agent: false }, resolve);
      onward.once('error', reject);
      response.once('close', () => onward.destroy());
      onward.end(body);
    });
  }

  #notifyChange(): void {
    for (const check of this.#onChange) check();
  }
}

function cutLater(response: ServerResponse, ms: number): void {
  const timer = setTimeout(() => response.destroy(), ms);
  response.once('close', () => clearTimeout(timer));
}

function respond({ status, headers, body }: NonNullable<Fault['answer']>, response: ServerResponse): void {
  const isText = typeof body === 'string';
  const type = { 'content-type': isText ? 'text/html' : 'application/json' };
  response.writeHead(status, { ...type, ...headers });
  response.end(isText ? body : JSON.stringify(body ?? {}));
}

function passStream(answer: IncomingMessage, response: ServerResponse, fault: Fault | null): void {
  response.writeHead(200, passedHeaders(answer));
  response.flushHeaders();
  let pieces = 0;
  answer.on('error', () => response.destroy());
  answer.on('close', () => response.destroy());
  answer.on('data', (piece: Buffer) => {
    pieces += 1;
    if (fault?.cut !== 'within' || pieces < fault.piece) response.write(piece);
    else response.write(piece.subarray(0, piece.length / 2), () => response.destroy());
  });
}

function passedHeaders({ headers }: IncomingMessage): Record<string, string | string[]> {
  const { connection: _, 'keep-alive': __, 'transfer-encoding': ___, ...passed } = headers;
  return passed as Record<string, string | string[]>;
}

function exchangeOf({ method = '', url = '/', headers }: IncomingMessage, body: Buffer): Exchange {
  const { pathname, searchParams } = new URL(url, 'http://proxy');
  return {
    operation: operationOf(method, pathname),
    method,
    path: decodeURIComponent(pathname),
    query: Object.fromEntries(searchParams),
    headers,
    body: parsed(body.toString()),
    atMs: nowMs(),
    status: null,
  };
}

function parsed(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return text;
  }
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of message) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}
