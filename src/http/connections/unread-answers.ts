import type { ServerResponse } from 'node:http';
import type { CancelTimer, Clock } from '../../clock/clock.js';
import type { Connection } from './connection.js';

/** How often to check all connections within the time that a client has. */
const CHECKS_PER_TIMEOUT = 5;

/**
 * Closes connections whose clients do not read their answers. Node's own socket timer does the measuring, because it notices
 * every byte that is read. It runs only while there are unread bytes, so it never ends a wait.
 */
export class UnreadAnswers {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #open: ReadonlySet<Connection>;
  readonly #cut: { unread: number };
  /** The response that each connection with a running timer is sending. */
  readonly #timed = new Map<Connection, ServerResponse>();
  #cancelCheck: CancelTimer = () => undefined;

  constructor(clock: Clock, timeoutMs: number, open: ReadonlySet<Connection>, cut: { unread: number }) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#open = open;
    this.#cut = cut;
  }

  start(): void {
    this.#cancelCheck = this.#clock.after(this.#timeoutMs / CHECKS_PER_TIMEOUT, () => {
      this.#check();
      this.start();
    });
  }

  stop(): void {
    this.#cancelCheck();
  }

  #check(): void {
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

  /** Stops the timer once everything has been read. After the end of a response, Node itself sets the timer again. */
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
