import { connect, type Socket } from 'node:net';
import type { Address } from '../../kit/http/connection.js';
import { reset } from '../../kit/http/reset.js';

interface WireOptions {
  /** Whether it takes what comes. */
  readonly reads?: boolean;
}

/** A client that writes whatever it likes, and ends as it likes. It never ends its half of the connection by itself. */
export class Wire {
  readonly #socket: Socket;
  #received = '';
  #answers = 0;
  /** How far answers have been counted. */
  #countedUpTo = 0;
  #hasEnded = false;
  /** Tells who waits that something has come, or that it is over. */
  #wake: () => void = () => undefined;
  #isClosed = false;

  private constructor(socket: Socket, reads: boolean) {
    this.#socket = socket;
    socket.setEncoding('latin1').on('error', () => undefined);
    socket.on('end', () => this.#note(() => (this.#hasEnded = true)));
    socket.on('close', () => this.#note(() => (this.#isClosed = true)));
    if (reads) this.read();
    // A socket that nobody reads would take a first bit of what comes.
    else socket.pause();
  }

  static async to(address: Address, { reads = true }: WireOptions = {}): Promise<Wire> {
    const socket = connect({ ...address, noDelay: true, allowHalfOpen: true });
    const wire = new Wire(socket, reads);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve).once('close', () => reject(new Error('no connection')));
    });
    return wire;
  }

  /** What came, one character a byte. */
  get received(): string {
    return this.#received;
  }

  /** Whether the server has ended its half, or all of it. */
  get isOver(): boolean {
    return this.#hasEnded || this.#isClosed;
  }

  /** How many answers have begun to come, those that only tell a client to go on left out. */
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

  /** Resolves when the bytes have been handed to the system. */
  sent(bytes: string | Buffer): Promise<void> {
    return new Promise((resolve) => {
      if (this.#socket.writable) this.#socket.write(bytes, 'latin1', () => resolve());
      else resolve();
    });
  }

  read(): void {
    this.#socket.on('data', (text) => this.#note(() => (this.#received += String(text)))).resume();
  }

  /** Says that nothing more will be sent, and stays to read. */
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
   * Resolves with whether something is so within `withinMs`; at once if the connection is over. Looks whenever something came, so
   * that very many can wait without taking up the processor.
   */
  until(isSo: () => boolean, withinMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const look = (isLast: boolean): void => {
        if (!isLast && !isSo() && !this.isOver) return;
        clearTimeout(timer);
        this.#wake = () => undefined;
        resolve(isSo());
      };
      const timer = setTimeout(() => look(true), withinMs);
      this.#wake = () => look(false);
      look(false);
    });
  }

  #note(happened: () => void): void {
    happened();
    this.#wake();
  }
}
