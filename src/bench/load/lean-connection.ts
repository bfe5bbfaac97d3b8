import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import type { Address } from './address.js';

const HEAD_END = '\r\n\r\n';
const LAST_CHUNK = '\r\n0\r\n\r\n';

/** An answer of an HTTP server. It parses headers only if you ask for them. */
export class LeanAnswer {
  readonly status: number;
  readonly #head: string;
  /** As it was sent, including the chunk sizes if the server sends chunks. */
  readonly body: string;

  constructor(head: string, body: string) {
    this.#head = head;
    this.body = body;
    this.status = Number(head.slice(9, 12));
  }

  get hasRetryAfter(): boolean {
    return /retry-after: \d/i.test(this.#head);
  }
}

/** Finds the answer in what has been received since the request was sent, as latin1. Null until it is complete. */
export type Framing<A> = (received: string) => A | null;

export const httpFraming: Framing<LeanAnswer> = (received) => {
  const headEnd = received.indexOf(HEAD_END);
  if (headEnd === -1) return null;
  const head = received.slice(0, headEnd);
  const bodyStart = headEnd + HEAD_END.length;
  const length = /content-length: *(\d+)/i.exec(head)?.[1];
  const isComplete =
    length === undefined
      ? !/transfer-encoding: *chunked/i.test(head) || received.endsWith(LAST_CHUNK)
      : received.length >= bodyStart + Number(length);
  return isComplete ? new LeanAnswer(head, received.slice(bodyStart)) : null;
};

interface Waiting<A> {
  readonly resolve: (answer: A) => void;
  readonly reject: (error: Error) => void;
}

/** A connection that sends prepared requests one at a time, and parses no more of the answers than it must. */
export class LeanConnection<A = LeanAnswer> {
  readonly #socket: Socket;
  readonly #framing: Framing<A>;
  #received = '';
  #waiting: Waiting<A> | null = null;
  #end: Error | null = null;

  private constructor(socket: Socket, framing: Framing<A>) {
    this.#socket = socket;
    this.#framing = framing;
    socket.setNoDelay(true).setEncoding('latin1');
    socket.on('data', (text) => this.#take(String(text)));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the connection ended')));
  }

  /** Connects to an HTTP server. */
  static open(address: Address, isSecure = false): Promise<LeanConnection> {
    return LeanConnection.openFor(httpFraming, address, isSecure);
  }

  /** Connects to a server of any protocol in which each request has one answer. */
  static async openFor<A>(
    framing: Framing<A>,
    address: Address,
    isSecure = false,
  ): Promise<LeanConnection<A>> {
    const socket = isSecure ? connectSecurely({ ...address, servername: address.host }) : connect(address);
    await once(socket, isSecure ? 'secureConnect' : 'connect');
    return new LeanConnection(socket, framing);
  }

  /** Sends a request and resolves with the answer. Rejects if the connection ends before the answer is complete. */
  send(request: Buffer): Promise<A> {
    return new Promise((resolve, reject) => {
      if (this.#end !== null) return reject(this.#end);
      this.#waiting = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(text: string): void {
    this.#received = this.#received === '' ? text : this.#received + text;
    const answer = this.#framing(this.#received);
    if (answer === null) return;
    this.#received = '';
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.resolve(answer);
  }

  #fail(error: Error): void {
    this.#end ??= error;
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.reject(error);
  }
}
