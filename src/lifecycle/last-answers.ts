import { Server } from 'node:net';
import type { Clock } from '../clock/clock.js';

/** How often to look whether all connections have ended. */
const LOOK_EVERY_MS = 20;

/**
 * Takes no more connections, and waits until those that are open have ended, but no longer than `patienceMs`.
 *
 * A connection that looks idle here may have a request on its way. So it is not closed at once, as `http.Server` would do,
 * but gets time to end with the answer to its next request.
 */
export async function giveLastAnswers(server: Server, clock: Clock, patienceMs: number): Promise<void> {
  // The method of `http.Server` would close the idle ones.
  Server.prototype.close.call(server);
  const endMs = clock.monotonicMs() + patienceMs;
  while (clock.monotonicMs() < endMs && (await countConnections(server)) > 0) {
    await clock.pause(LOOK_EVERY_MS);
  }
}

function countConnections(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
  });
}
