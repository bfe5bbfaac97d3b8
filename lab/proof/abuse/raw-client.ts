import { connect, type Socket } from 'node:net';
import type { Address } from '../../kit/http/connection.js';
import { reset } from '../../kit/http/reset.js';

interface RawClientOptions {
  /** Whether it reads what the server sends. */
  readonly reads?: boolean;
}

/** A client that sends any bytes and disconnects in any way. It never closes its sending half on its own. */
export class RawClient {
  readonly #socket: Socket;
  #received = '';
  #answers = 0;
  /** The position up to which answers have been counted. */
  #countedUpTo = 0;
  #hasEnded = false;
  /** Called when bytes arrive or the connection ends. */
  #wake: () => void = () => undefined;
  #isClosed = false;

  private constructor(socket: Socket, reads: boolean) {
    this.#socket = socket;
    socket.setEncoding('latin1').on('error', () => undefined);
    socket.on('end', () => this.#update(() => (this.#hasEnded = true)));
    socket.on('close', () => this.#update(() => (this.#isClosed = true)));
    if (reads) this.read();
    // An unread socket would otherwise still read a first chunk.
    else socket.pause();
  }

  static async to(address: Address, { reads = true }: RawClientOptions = {}): Promise<RawClient> {
    const socket = connect({ ...address, noDelay: true, allowHalfOpen: true });
    const client = new RawClient(socket, reads);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve).once('close', () => reject(new Error('no connection')));
    });
    return client;
  }

  /** The bytes received so far, one character per byte. */
  get received(): string {
    return this.#received;
  }

  /** Whether the server has closed its half, or the whole connection. */
  get isOver(): boolean {
    return this.#hasEnded || this.#isClosed;
  }

  /** How many answers have started to arrive, not counting interim ones (1xx). */
  get answers(): number {
    const begins = /HTTP\/1\.1 (?!1)\d\d\d /g;
    begins.lastIndex = this.#countedUpTo;
    while (begins.exec(this.#received) !== null) {
      this.#answers += 1;
      this.#countedUpTo = begins.lastIndex;
    }
    return this.#answers;
  }

  send(bytes: string | Buffer): this {
    if (this.#socket.writable) this.#socket.write(bytes, 'latin1');
    return this;
  }

  /** Resolves when the bytes have been handed to the kernel. */
  sent(bytes: string | Buffer): Promise<void> {
    return new Promise((resolve) => {
      if (this.#socket.writable) this.#socket.write(bytes, 'latin1', () => resolve());
      else resolve();
    });
  }

  read(): void {
    this.#socket.on('data', (text) => this.#update(() => (this.#received += String(text)))).resume();
  }

  /** Closes the sending half and keeps reading. */
  finish(): void {
    this.#socket.end();
  }

  /** Ends the connection with a reset. */
  reset(): void {
    reset(this.#socket);
  }

  cut(): void {
    this.#socket.destroy();
  }

  /**
   * Resolves with whether the condition is met within `withinMs`, or sooner if the connection ends. It is checked whenever bytes
   * arrive, so that very many clients can wait at little cost.
   */
  until(condition: () => boolean, withinMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const check = (isLast: boolean): void => {
        if (!isLast && !condition() && !this.isOver) return;
        clearTimeout(timer);
        this.#wake = () => undefined;
        resolve(condition());
      };
      const timer = setTimeout(() => check(true), withinMs);
      this.#wake = () => check(false);
      check(false);
    });
  }

  #update(change: () => void): void {
    change();
    this.#wake();
  }
}
