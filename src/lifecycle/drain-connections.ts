import { Server } from 'node:net';
import type { Clock } from '../clock/clock.js';

/** How long a client may take to send its next request on an open connection, in milliseconds. Longer than any round trip. */
const LAST_REQUEST_MS = 1_000;

/** How often to check whether all connections have ended. */
const CHECK_EVERY_MS = 20;

/**
 * Accepts no more connections, and waits until the open ones have ended, but at most a second.
 *
 * A connection that looks idle may have a request on its way. So it is not closed immediately, as `http.Server` would do, but
 * can end with the response to its next request.
 */
export async function drainConnections(server: Server, clock: Clock): Promise<void> {
  // The method of `http.Server` would close idle connections.
  Server.prototype.close.call(server);
  const endMs = clock.monotonicMs() + LAST_REQUEST_MS;
  while (clock.monotonicMs() < endMs && (await countConnections(server)) > 0) {
    await clock.pause(CHECK_EVERY_MS);
  }
}

function countConnections(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
  });
}
