import type { Socket } from 'node:net';

/**
 * Ends a connection with a reset, as when a client's process is killed with data unread. A socket whose half is just being closed
 * is ended in the ordinary way: Node does not reset it, never closes it either, and then the process does not end.
 */
export function reset(socket: Socket): void {
  const isFinishing = socket.writableEnded && !socket.writableFinished;
  if (isFinishing) socket.destroy();
  else socket.resetAndDestroy();
}
