import type { Server } from 'node:http';
import type { Clock } from '../../clock/clock.js';
import type { Connection } from './connection.js';

/** From this share of the limit on, idle connections are closed. */
const NEAR_LIMIT_SHARE = 0.9;

/** Milliseconds between two rounds of closing. Each round looks at every connection. */
const CLOSE_IDLE_EVERY_MS = 1_000;

/**
 * Milliseconds without a request after which a connection may be closed near the limit. A client that has just connected has
 * a request on the way.
 */
const IDLE_MS = { anonymous: 1_000, trusted: 10_000 } as const;

/**
 * Limits the number of open connections. Near the limit it closes idle connections, first those that never sent a valid
 * token. Those of other servers stay open: they close themselves, and a request may be on its way. Connections over the limit
 * are dropped at once.
 */
export class ConnectionLimiter {
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
    server.on('connection', () => this.#closeIdleIfNearLimit());
    server.on('drop', () => {
      this.#cut.dropped += 1;
      this.#closeIdleIfNearLimit();
    });
  }

  #closeIdleIfNearLimit(): void {
    if (this.#open.size < this.#max * NEAR_LIMIT_SHARE) return;
    const nowMs = this.#clock.monotonicMs();
    if (nowMs < this.#nextRoundMs) return;
    this.#nextRoundMs = nowMs + CLOSE_IDLE_EVERY_MS;
    const closed = this.#closeIdle(false, nowMs - IDLE_MS.anonymous);
    if (closed === 0) this.#closeIdle(true, nowMs - IDLE_MS.trusted);
  }

  #closeIdle(isTrusted: boolean, sinceMs: number): number {
    const idle = [...this.#open].filter(
      (connection) =>
        connection.isIdle &&
        !connection.isShared &&
        (connection.user !== null) === isTrusted &&
        connection.activeAtMs < sinceMs,
    );
    for (const { socket } of idle) socket.destroy();
    this.#cut.idle += idle.length;
    return idle.length;
  }
}
