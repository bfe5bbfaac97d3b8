import type { Server } from 'node:http';
import type { Clock } from '../../clock/clock.js';
import type { Connection } from './connection.js';

/** From this share of the limit on, room is made. */
const CROWDED_SHARE = 0.9;

/** Milliseconds between two rounds of making room: each looks at every connection. */
const MAKE_ROOM_EVERY_MS = 1_000;

/**
 * Milliseconds without a request after which a connection may be closed when it is crowded. Somebody who has just connected
 * has a request on the way.
 */
const IDLE_MS = { stranger: 1_000, trusted: 10_000 } as const;

/**
 * Bounds the number of open connections. When there are nearly as many as allowed, idle ones are closed, first those that
 * never brought a valid token. What comes beyond the limit is dropped at once.
 */
export class ConnectionRoom {
  readonly #clock: Clock;
  readonly #max: number;
  readonly #open: ReadonlySet<Connection>;
  readonly #cut: { dropped: number; idle: number };
  #nextRoundMs = -Infinity;

  constructor(
    clock: Clock,
    max: number,
    open: ReadonlySet<Connection>,
    cut: { dropped: number; idle: number },
  ) {
    this.#clock = clock;
    this.#max = max;
    this.#open = open;
    this.#cut = cut;
  }

  attachTo(server: Server): void {
    server.maxConnections = this.#max;
    server.on('connection', () => this.#makeRoomIfCrowded());
    server.on('drop', () => {
      this.#cut.dropped += 1;
      this.#makeRoomIfCrowded();
    });
  }

  #makeRoomIfCrowded(): void {
    if (this.#open.size < this.#max * CROWDED_SHARE) return;
    const nowMs = this.#clock.monotonicMs();
    if (nowMs < this.#nextRoundMs) return;
    this.#nextRoundMs = nowMs + MAKE_ROOM_EVERY_MS;
    const closed = this.#closeIdle(false, nowMs - IDLE_MS.stranger);
    if (closed === 0) this.#closeIdle(true, nowMs - IDLE_MS.trusted);
  }

  #closeIdle(isTrusted: boolean, sinceMs: number): number {
    const idle = [...this.#open].filter(
      (connection) =>
        connection.isIdle && (connection.user !== null) === isTrusted && connection.activeAtMs < sinceMs,
    );
    for (const { socket } of idle) socket.destroy();
    this.#cut.idle += idle.length;
    return idle.length;
  }
}
