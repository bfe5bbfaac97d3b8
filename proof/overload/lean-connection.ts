import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Address } from '../../test/support/connection.js';

const HEAD_END = '\r\n\r\n';

export interface LeanAnswer {
  readonly status: number;
  readonly saysRetryAfter: boolean;
}

/** A connection that sends prepared requests, one at a time, and reads no more of the answers than it must. */
export class LeanConnection {
  readonly #socket: Socket;
  #received = '';
  #waiting: { resolve: (answer: LeanAnswer) => void; reject: (error: Error) => void } | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true).setEncoding('latin1');
    socket.on('data', (text) => this.#take(String(text)));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the connection ended')));
  }

  static async open(address: Address): Promise<LeanConnection> {
    const socket = connect(address);
    await once(socket, 'connect');
    return new LeanConnection(socket);
  }

  send(request: Buffer): Promise<LeanAnswer> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(text: string): void {
    this.#received += text;
    const headEnd = this.#received.indexOf(HEAD_END);
    if (headEnd === -1) return;
    const head = this.#received.slice(0, headEnd);
    const bodyLength = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (this.#received.length < headEnd + HEAD_END.length + bodyLength) return;
    this.#received = '';
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.resolve({ status: Number(head.slice(9, 12)), saysRetryAfter: /retry-after: \d/i.test(head) });
  }

  #fail(error: Error): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.reject(error);
  }
}
