import type { Socket } from 'node:net';
import type { Clock } from '../../clock/clock.js';
import type { ErrorCode } from '../../errors/error-table.js';
import type { Exchange } from './exchange.js';
import type { PipelineRoom } from './pipeline-room.js';
import { refuse } from './refuse.js';

/**
 * Requests that a client may send behind one that waits, or behind an event stream. The connection must be read then, because
 * only that shows whether the client is still there, so they cannot be left in the socket.
 */
const BEHIND_A_WAIT_MAX = 100;

interface ConnectionParts {
  readonly clock: Clock;
  readonly room: PipelineRoom;
  /** Serves a request. Whoever serves it calls `done` when its response has closed. */
  readonly serve: (exchange: Exchange, connection: Connection) => void;
}

/**
 * One client connection. It has one request under way at a time: requests that are pipelined behind it are served in their
 * order, a turn of the event loop apart, and the socket is not read meanwhile. So a client cannot take up more than its share
 * by pipelining, and every response that is begun is attached to its socket, without which Node reports no end of it.
 */
export class Connection {
  readonly socket: Socket;
  /** When the connection was opened or its latest request began, on the monotonic clock. */
  activeAtMs: number;
  /** Whose valid token came through it last; null if none has. */
  user: string | null = null;
  readonly #parts: ConnectionParts;
  #current: Exchange | null = null;
  #latest: Exchange | null = null;
  readonly #held: Exchange[] = [];
  /** Those who wait on behalf of the current request; null if it is an ordinary one. */
  #goneListeners: (() => void)[] | null = null;
  #isClientGone = false;
  #problem: ErrorCode | null = null;

  constructor(socket: Socket, parts: ConnectionParts) {
    this.socket = socket;
    this.#parts = parts;
    this.activeAtMs = parts.clock.monotonicMs();
    // A client that has closed its half looks exactly like one that has gone.
    socket.once('end', () => this.#clientIsGone());
    socket.once('close', () => this.#closed());
    // Node resumes the socket by itself at the end of each response.
    socket.on('resume', () => this.#leaveRestInSocket());
  }

  get isIdle(): boolean {
    return this.#current === null;
  }

  /** The exchange that is under way, if any. */
  get current(): Exchange | null {
    return this.#current;
  }

  receive(exchange: Exchange): void {
    this.#latest = exchange;
    if (this.#current === null) this.#serve(exchange);
    else this.#hold(exchange);
  }

  /** The response of the current exchange has closed. */
  done(): void {
    this.#current = null;
    this.#goneListeners = null;
    const next = this.#held.shift();
    if (next !== undefined) this.#serveNext(next);
    else if (this.#problem !== null) this.#refuse(this.#problem);
  }

  /**
   * Calls `listener` when the client has gone while the current request is under way, at once if it has gone already. The
   * request counts as one that waits from here on.
   */
  onClientGone(listener: () => void): void {
    if (this.#isClientGone) return listener();
    this.#goneListeners ??= [];
    this.#goneListeners.push(listener);
    if (this.#held.length > BEHIND_A_WAIT_MAX) this.socket.destroy();
    else if (this.#held.length > 0) this.socket.resume();
  }

  /** What the client sent is not HTTP, or did not come in time. It is told so when its earlier requests have been answered. */
  breakOff(problem: ErrorCode): void {
    if (this.#problem !== null) return;
    this.#problem = problem;
    const latest = this.#latest;
    if (latest !== null && !latest.request.complete) this.#breakOffIn(latest, problem);
    else if (this.#current === null) this.#refuse(problem);
  }

  /** The rest of the latest request will never come. */
  #breakOffIn(latest: Exchange, problem: ErrorCode): void {
    if (this.#held.at(-1) === latest) this.#forgetHeld(1);
    else if (this.#current === latest && !latest.response.headersSent) this.#refuse(problem);
    // It has been answered already, before all of it had come: the rest of it gets no answer of its own.
    else this.socket.destroy();
  }

  #serve(exchange: Exchange): void {
    this.#current = exchange;
    this.#parts.serve(exchange, this);
  }

  #serveNext(next: Exchange): void {
    this.#parts.room.held -= 1;
    this.#current = next;
    if (this.#held.length === 0) this.socket.resume();
    this.#parts.clock.defer(() => {
      if (!this.socket.destroyed) this.#serve(next);
    });
  }

  #hold(exchange: Exchange): void {
    if (this.socket.destroyed) return;
    const isTooMuch = this.#goneListeners !== null && this.#held.length >= BEHIND_A_WAIT_MAX;
    if (isTooMuch || this.#parts.room.isFull) {
      this.socket.destroy();
      return;
    }
    this.#held.push(exchange);
    this.#parts.room.held += 1;
    this.#leaveRestInSocket();
  }

  #leaveRestInSocket(): void {
    if (this.#held.length > 0 && this.#goneListeners === null) this.socket.pause();
  }

  #clientIsGone(): void {
    this.#isClientGone = true;
    const listeners = this.#goneListeners ?? [];
    for (const listener of listeners) listener();
  }

  #closed(): void {
    this.#forgetHeld(this.#held.length);
    this.#clientIsGone();
  }

  #forgetHeld(count: number): void {
    this.#held.length -= count;
    this.#parts.room.held -= count;
  }

  #refuse(problem: ErrorCode): void {
    if (this.socket.writable) refuse(this.socket, problem, this.#parts.clock);
    else this.socket.destroy();
  }
}
