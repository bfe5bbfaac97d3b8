import type { ServerResponse } from 'node:http';
import type { CancelTimer, Clock } from '../../clock/clock.js';
import type { Connection } from './connection.js';

/** How often to look at all connections, as a share of the time that a client has. */
const LOOKS_PER_TIMEOUT = 5;

/**
 * Ends connections whose clients take nothing of what they asked for. Node's own timer of a socket does the measuring, because
 * it notices every byte that is taken; it runs only while something is left unread, so that it never ends a wait.
 */
export class UnreadAnswers {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #open: ReadonlySet<Connection>;
  readonly #cut: { unread: number };
  /** The response that each connection with a running timer owes. */
  readonly #timed = new Map<Connection, ServerResponse>();
  #cancelLook: CancelTimer = () => undefined;

  constructor(clock: Clock, timeoutMs: number, open: ReadonlySet<Connection>, cut: { unread: number }) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#open = open;
    this.#cut = cut;
  }

  start(): void {
    this.#cancelLook = this.#clock.after(this.#timeoutMs / LOOKS_PER_TIMEOUT, () => {
      this.#look();
      this.start();
    });
  }

  stop(): void {
    this.#cancelLook();
  }

  #look(): void {
    for (const [connection, response] of this.#timed) this.#stopTimer(connection, response);
    for (const connection of this.#open) {
      const { socket, current } = connection;
      if (current !== null && socket.writableLength > 0 && !this.#timed.has(connection))
        this.#startTimer(connection, current.response);
    }
  }

  #startTimer(connection: Connection, response: ServerResponse): void {
    this.#timed.set(connection, response);
    connection.socket.setTimeout(this.#timeoutMs);
    response.once('timeout', () => {
      this.#cut.unread += 1;
      connection.socket.destroy();
    });
  }

  /** Once everything has been taken. After the end of a response Node sets the timer anew by itself. */
  #stopTimer(connection: Connection, response: ServerResponse): void {
    const { socket, current } = connection;
    const isSame = !socket.destroyed && current?.response === response;
    if (isSame && socket.writableLength > 0) return;
    this.#timed.delete(connection);
    if (!isSame) return;
    socket.setTimeout(0);
    response.removeAllListeners('timeout');
  }
}
