import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../clock/clock.js';
import type { ErrorCode } from '../../errors/error-table.js';
import { plainErrorResponse } from '../answer/error-response.js';

/** How long a client gets to take a refusal, in milliseconds. Its connection ends then, whatever it does. */
const LINGER_MS = 1_000;

/**
 * Answers input that is not an HTTP request with an error in the usual shape, and ends the connection.
 *
 * Node may have taken its own listeners off the socket by now, so this must not rely on them: without an `error` listener, a
 * client that resets the connection would end the process.
 */
export function refuse(socket: Duplex, code: ErrorCode, clock: Clock): void {
  socket.on('error', () => socket.destroy());
  socket.end(refusalText(code));
  // What the client still sends is read and dropped, because unread input would turn the end into a reset.
  socket.resume();
  const cancel = clock.after(LINGER_MS, () => socket.destroy());
  socket.once('close', cancel);
}

function refusalText(code: ErrorCode): string {
  const requestId = crypto.randomUUID();
  const { status, body } = plainErrorResponse(code, requestId);
  const text = JSON.stringify(body);
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(text)}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    `X-Request-Id: ${requestId}`,
    'Connection: close',
    '',
    text,
  ].join('\r\n');
}
