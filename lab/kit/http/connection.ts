import { connect, type Socket } from 'node:net';
import { addressOf, type Address } from '../../../src/bench/load/address.js';
import { nowMs } from '../../../src/process/time.js';

export { addressOf, type Address };

export interface Answer {
  readonly status: number;
  /** The whole body. `body` is its value if it is a JSON object, and empty otherwise. */
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly callMs: number;
  readonly returnMs: number;
}

/** Whether an overloaded server refused a request: reading it took too long, or it waited too long to be served. */
export function isShed({ status }: { readonly status: number }): boolean {
  return status === 408 || status === 503;
}

/** Why there is no answer: nothing listens, the connection ended, time ran out, or the answer leaves the outcome open. */
type NoAnswerReason = 'unreachable' | 'cut' | 'timeout' | 'undecided';

/** No complete answer arrived. Unless the request was never sent, it is unknown whether it took effect. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';

  constructor(
    readonly callMs: number,
    readonly reason: NoAnswerReason,
    message: string,
  ) {
    super(message);
  }

  get wasSent(): boolean {
    return this.reason !== 'unreachable';
  }
}

interface Exchange {
  readonly callMs: number;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: NoAnswer) => void;
  readonly timer: NodeJS.Timeout;
}

const HEAD_END = Buffer.from('\r\n\r\n');

/**
 * One keep-alive connection of one user, with one request at a time. It does little work itself, so that the load is on the
 * server. After it was cut, it reconnects to the address at that time.
 */
export class Connection {
  readonly #address: () => Address;
  readonly #token: string;
  readonly #answerWithinMs: number;
  #socket: Socket | null = null;
  #received: Buffer = Buffer.alloc(0);
  #exchange: Exchange | null = null;

  /** @param answerWithinMs how long a call waits for its answer, unless it says otherwise. */
  constructor(address: () => Address, token: string, answerWithinMs = 10_000) {
    this.#address = address;
    this.#token = token;
    this.#answerWithinMs = answerWithinMs;
  }

  get(path: string): Promise<Answer> {
    return this.call('GET', path);
  }

  post(path: string, body: object, timeoutMs?: number): Promise<Answer> {
    return this.call('POST', path, JSON.stringify(body), timeoutMs);
  }

  delete(path: string): Promise<Answer> {
    return this.call('DELETE', path);
  }

  /** Throws `NoAnswer` if the connection ends or `timeoutMs` passes before the answer is complete. */
  async call(method: string, path: string, body = '', timeoutMs = this.#answerWithinMs): Promise<Answer> {
    const socket = this.#socket ?? (await this.#open());
    const length =
      body === '' ? '' : `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`;
    return new Promise((resolve, reject) => {
      const callMs = nowMs();
      const timer = setTimeout(() => this.#end('timeout', `no answer within ${timeoutMs} ms`), timeoutMs);
      this.#exchange = { callMs, resolve, reject, timer };
      socket.write(
        `${method} ${path} HTTP/1.1\r\nhost: octostore\r\nauthorization: Bearer ${this.#token}\r\n${length}\r\n${body}`,
      );
    });
  }

  /** Cuts the connection, even in the middle of a request. */
  cut(): void {
    this.#end('cut', 'cut by the client');
  }

  #open(): Promise<Socket> {
    const socket = connect(this.#address());
    socket.setNoDelay(true);
    return new Promise((resolve, reject) => {
      const refused = (error: Error): void => reject(new NoAnswer(nowMs(), 'unreachable', error.message));
      socket.once('error', refused);
      socket.once('connect', () => {
        socket.off('error', refused);
        socket.on('error', (error) => this.#lost(socket, error.message));
        socket.on('close', () => this.#lost(socket, 'the connection ended'));
        socket.on('data', (bytes: Buffer) => this.#receive(socket, bytes));
        this.#socket = socket;
        resolve(socket);
      });
    });
  }

  #receive(socket: Socket, bytes: Buffer): void {
    if (socket !== this.#socket) return;
    this.#received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes]);
    const headLength = this.#received.indexOf(HEAD_END);
    if (headLength === -1) return;
    const head = this.#received.toString('latin1', 0, headLength);
    const bodyLength = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
    const end = headLength + HEAD_END.length + bodyLength;
    if (this.#received.length < end) return;
    const text = this.#received.toString('utf8', headLength + HEAD_END.length, end);
    this.#received = this.#received.subarray(end);
    if (/connection: close/i.test(head)) this.#forget();
    this.#answer(Number(head.slice(9, 12)), text);
  }

  #answer(status: number, text: string): void {
    const exchange = this.#exchange;
    if (exchange === null) return;
    this.#exchange = null;
    clearTimeout(exchange.timer);
    const { callMs, resolve } = exchange;
    resolve({ status, text, body: parse(text), callMs, returnMs: nowMs() });
  }

  #lost(socket: Socket, message: string): void {
    if (socket === this.#socket) this.#end('cut', message);
  }

  #end(reason: NoAnswerReason, message: string): void {
    this.#forget();
    const exchange = this.#exchange;
    this.#exchange = null;
    if (exchange === null) return;
    clearTimeout(exchange.timer);
    exchange.reject(new NoAnswer(exchange.callMs, reason, message));
  }

  #forget(): void {
    this.#socket?.destroy();
    this.#socket = null;
    this.#received = Buffer.alloc(0);
  }
}

function parse(text: string): Record<string, unknown> {
  return text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {};
}
