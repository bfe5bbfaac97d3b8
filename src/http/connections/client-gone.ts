import type { IncomingMessage } from 'node:http';
import { connectionOf } from './connections.js';

/**
 * Calls `listener` when the client of a request that is under way has gone, at once if it has gone already. Its socket tells:
 * a response that has nothing to send may never notice. A client that has closed its half of the connection counts as gone,
 * because nothing more can be heard of it. Call this for requests that wait and for streams, and for no others.
 */
export function onClientGone(request: IncomingMessage, listener: () => void): void {
  connectionOf(request.socket).onClientGone(listener);
}
