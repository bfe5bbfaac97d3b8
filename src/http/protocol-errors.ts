import { STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ErrorCode } from '../errors/error-table.js';
import { plainErrorResponse } from './error-response.js';

/** What a broken request at the protocol level is, by Node's error code. Anything else is malformed. */
const CODES: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};

/** Answers what is no HTTP request, and so reaches no route, in the one error shape. Such an answer ends its connection. */
export class ProtocolErrors {
  /** The answer to the latest request of each connection. */
  readonly #latest = new WeakMap<Duplex, ServerResponse>();

  answerThoseOf(server: Server): void {
    server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
      if (this.#isTurnOf(socket)) refuse(socket, CODES[error.code ?? ''] ?? 'malformed_request');
      else socket.destroy();
    });
    // Somebody takes this for a proxy.
    server.on('connect', (_request, socket) => refuse(socket, 'malformed_request'));
  }

  begun({ socket }: IncomingMessage, response: ServerResponse): void {
    this.#latest.set(socket, response);
  }

  /** Whether an answer written to the connection now would be taken for the answer to what broke it. */
  #isTurnOf(socket: Duplex): boolean {
    if (!socket.writable) return false;
    const latest = this.#latest.get(socket);
    if (latest === undefined) return true;
    // Answered before all of it had come: the rest of it gets no answer of its own.
    if (latest.writableFinished) return latest.req.complete;
    // The latest request itself broke off, and all before it have been answered.
    return !latest.req.complete && latest.socket === socket && !latest.headersSent;
  }
}

function refuse(socket: Duplex, code: ErrorCode): void {
  const requestId = crypto.randomUUID();
  const { status, body } = plainErrorResponse(code, requestId);
  const text = JSON.stringify(body);
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(text)}`,
      'Cache-Control: no-store',
      'X-Content-Type-Options: nosniff',
      `X-Request-Id: ${requestId}`,
      'Connection: close',
      '',
      text,
    ].join('\r\n'),
  );
}
