import type { ServerResponse } from 'node:http';
import type { OctoStoreError } from '../../errors/octostore-error.js';
import { contextOf } from '../input/service-request.js';
import { errorResponse } from './error-response.js';

const REQUEST_ID = 'X-Request-Id';
const NO_SNIFFING = ['X-Content-Type-Options', 'nosniff'] as const;
const JSON_TEXT = 'application/json; charset=utf-8';
const PLAIN_TEXT = 'text/plain; charset=utf-8';

/** Writes answers, with the headers that all of them have. No answer may be cached, unless its route says so. */
export class Replies {
  #isEndingConnections = false;

  /** Whether every answer closes its connection. */
  get isEndingConnections(): boolean {
    return this.#isEndingConnections;
  }

  /** Sends a text as it is, and anything else as JSON. Undefined means no body. */
  send(response: ServerResponse, body: unknown, status: number): void {
    const isText = typeof body === 'string';
    const text = isText ? body : JSON.stringify(body ?? undefined);
    const headers = this.#commonHeaders(response);
    if (!response.hasHeader('Cache-Control')) headers.push('Cache-Control', 'no-store');
    if (text !== undefined && !response.hasHeader('Content-Type'))
      headers.push('Content-Type', isText ? PLAIN_TEXT : JSON_TEXT);
    if (status !== 204) headers.push('Content-Length', String(Buffer.byteLength(text ?? '')));
    response.writeHead(status, headers);
    response.end(text);
  }

  /** Sends bytes whose `Content-Type` is set. They are shared, not copied, however slowly the client reads. */
  sendBytes(response: ServerResponse, bytes: Buffer, status: number): void {
    response.writeHead(status, [...this.#commonHeaders(response), 'Content-Length', String(bytes.length)]);
    response.end(bytes);
  }

  /** Tells the client that what it has is up to date. */
  sendNotModified(response: ServerResponse): void {
    response.writeHead(304, this.#commonHeaders(response));
    response.end();
  }

  sendError(response: ServerResponse, error: OctoStoreError): void {
    const { status, headers, body } = errorResponse(error, contextOf(response.req).requestId);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    this.send(response, body, status);
  }

  /** Sends an error before the whole request was read. The connection cannot be used afterwards. */
  breakOff(response: ServerResponse, error: OctoStoreError): void {
    response.setHeader('Connection', 'close');
    this.sendError(response, error);
  }

  /** Makes every answer close its connection from now on. */
  endConnections(): void {
    this.#isEndingConnections = true;
  }

  /** Headers that are already set stay. One array for the others costs less than a call for each. */
  #commonHeaders(response: ServerResponse): string[] {
    const headers = response.hasHeader(REQUEST_ID)
      ? []
      : [REQUEST_ID, contextOf(response.req).requestId, ...NO_SNIFFING];
    if (this.#isEndingConnections) headers.push('Connection', 'close');
    return headers;
  }
}

/** Sets the common headers on a response that `Replies` may not write. */
export function setCommonHeaders(response: ServerResponse): void {
  response.setHeader(REQUEST_ID, contextOf(response.req).requestId).setHeader(...NO_SNIFFING);
}
