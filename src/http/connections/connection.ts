import type { Socket } from 'node:net';
import type { Clock } from '../../clock/clock.js';
import type { ErrorCode } from '../../errors/error-table.js';
import type { Exchange } from './exchange.js';
import type { PipelineLimit } from './pipeline-limit.js';
import { refuse } from './refuse.js';

/**
 * How many requests a client may send behind a waiting request or an event stream. We must read the connection then, to
 * notice when the client disconnects, so the requests cannot stay in the socket.
 */
const BEHIND_A_WAIT_MAX = 100;

interface ConnectionParts {
  readonly clock: Clock;
  readonly pipelined: PipelineLimit;
  /** Serves a request. It must call `done` when the response has closed. */
  readonly serve: (exchange: Exchange, connection: Connection) => void;
}

/**
 * One client connection. It serves one request at a time. Pipelined requests behind it are served in order, one per turn of
 * the event loop, and the socket is not read meanwhile. So pipelining gives a client no larger share of the server. Also,
 * every response that has begun is attached to its socket: otherwise Node would not report its end.
 */
export class Connection {
  readonly socket: Socket;
  /** When the connection was opened or its latest request began, on the monotonic clock. */
  activeAtMs: number;
  readonly #parts: ConnectionParts;
  #current: Exchange | null = null;
  #latest: Exchange | null = null;
  readonly #held: Exchange[] = [];
  /** Called when the client disconnects during the current request. Null unless that request waits. */
  #goneListeners: (() => void)[] | null = null;
  #isClientGone = false;
  #user: string | null = null;
  #isShared = false;
  #problem: ErrorCode | null = null;

  constructor(socket: Socket, parts: ConnectionParts) {
    this.socket = socket;
    this.#parts = parts;
    this.activeAtMs = parts.clock.monotonicMs();
    // A client that has closed its half looks exactly like one that has disconnected.
    socket.once('end', () => this.#clientIsGone());
    socket.once('close', () => this.#closed());
    // Node itself resumes the socket at the end of each response.
    socket.on('resume', () => this.#leaveRestInSocket());
  }

  get isIdle(): boolean {
    return this.#current === null;
  }

  /** Whether another server sends the requests of its clients here. */
  get isShared(): boolean {
    return this.#isShared;
  }

  /** The user of the last valid token on this connection. Null if there was none, or if many users share the connection. */
  get user(): string | null {
    return this.#user;
  }

  /** Another server sends the requests of its clients here. So from now on, no user has this connection. */
  share(): void {
    this.#isShared = true;
    this.#user = null;
  }

  /** A request with a valid token of this user has arrived. */
  usedBy(user: string): void {
    if (!this.#isShared) this.#user = user;
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
   * Calls `listener` when the client disconnects during the current request, or at once if it already has. From now on the
   * request counts as waiting.
   */
  onClientGone(listener: () => void): void {
    if (this.#isClientGone) return listener();
    this.#goneListeners ??= [];
    this.#goneListeners.push(listener);
    if (this.#held.length > BEHIND_A_WAIT_MAX) this.socket.destroy();
    else if (this.#held.length > 0) this.socket.resume();
  }

  /** Refuses input that is not HTTP, or that did not arrive in time. The error is sent after the answers to earlier requests. */
  breakOff(problem: ErrorCode): void {
    if (this.#problem !== null) return;
    this.#problem = problem;
    const latest = this.#latest;
    if (latest !== null && !latest.request.complete) this.#breakOffIn(latest, problem);
    else if (this.#current === null) this.#refuse(problem);
  }

  /** Ends the latest request, whose rest will never arrive. */
  #breakOffIn(latest: Exchange, problem: ErrorCode): void {
    if (this.#held.at(-1) === latest) this.#forgetHeld(1);
    else if (this.#current === latest && !latest.response.headersSent) this.#refuse(problem);
    // It was answered before all of it had arrived, so it gets no second answer.
    else this.socket.destroy();
  }

  #serve(exchange: Exchange): void {
    this.#current = exchange;
    this.#parts.serve(exchange, this);
  }

  #serveNext(next: Exchange): void {
    this.#parts.pipelined.held -= 1;
    this.#current = next;
    if (this.#held.length === 0) this.socket.resume();
    this.#parts.clock.defer(() => {
      if (!this.socket.destroyed) this.#serve(next);
    });
  }

  #hold(exchange: Exchange): void {
    if (this.socket.destroyed) return;
    const isTooMuch = this.#goneListeners !== null && this.#held.length >= BEHIND_A_WAIT_MAX;
    if (isTooMuch || this.#parts.pipelined.isFull) {
      this.socket.destroy();
      return;
    }
    this.#held.push(exchange);
    this.#parts.pipelined.held += 1;
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
    this.#parts.pipelined.held -= count;
  }

  #refuse(problem: ErrorCode): void {
    if (this.socket.writable) refuse(this.socket, problem, this.#parts.clock);
    else this.socket.destroy();
  }
}
