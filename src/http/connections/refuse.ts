import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../clock/clock.js';
import type { ErrorCode } from '../../errors/error-table.js';
import { plainErrorResponse } from '../answer/error-response.js';

/** How long a client may take to read a refusal, in milliseconds. Then its connection is closed. */
const LINGER_MS = 1_000;

/**
 * Answers input that is not an HTTP request with the usual error body, then closes the connection.
 *
 * Node may have removed its own listeners from the socket. Without an `error` listener, a client that resets the connection
 * would end the process, so this adds one.
 */
export function refuse(socket: Duplex, code: ErrorCode, clock: Clock): void {
  socket.on('error', () => socket.destroy());
  socket.end(refusalText(code));
  // Reads and drops what the client still sends, because unread input would turn the end into a reset.
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
