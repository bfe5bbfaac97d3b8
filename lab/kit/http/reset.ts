import type { Socket } from 'node:net';

/**
 * Ends a connection with a reset, as if the client's process were killed with unread data. A socket that is still closing its
 * sending half is destroyed instead: Node neither resets nor closes it, and the process would not exit.
 */
export function reset(socket: Socket): void {
  const isFinishing = socket.writableEnded && !socket.writableFinished;
  if (isFinishing) socket.destroy();
  else socket.resetAndDestroy();
}
