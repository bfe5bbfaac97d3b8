import type { IncomingMessage } from 'node:http';
import { connectionOf } from './connections.js';

/**
 * Calls `listener` when the client of a current request disconnects, or at once if it already has. It watches the socket,
 * because a response with nothing to send may never notice. A client that has closed its half of the connection counts as
 * disconnected, because nothing more can arrive from it. Use this only for requests that wait and for streams.
 */
export function onClientGone(request: IncomingMessage, listener: () => void): void {
  connectionOf(request.socket).onClientGone(listener);
}
