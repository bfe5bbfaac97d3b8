import type { IncomingMessage, ServerResponse } from 'node:http';
import { AuthenticationError } from '@octostore/client';
import { explain } from '../../failure.js';
import { TooManyAgents } from './agents.js';

/** The code of JSON-RPC for what the server decides by itself. */
const REFUSED = -32000;

/** Answers a request that reaches no tool. */
export function refuse(response: ServerResponse, status: number, message: string): void {
  const headers = status === 401 ? { 'WWW-Authenticate': 'Bearer realm="octostore"' } : {};
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: REFUSED, message } }));
}

/** Answers a request that failed before it reached a tool. */
export function refuseFor(response: ServerResponse, error: unknown): void {
  if (error instanceof AuthenticationError) return refuse(response, 401, error.message);
  if (error instanceof TooManyAgents) return refuse(response, 503, error.message);
  if (error instanceof Error && error.name === 'RequestBodyTooLargeError')
    return refuse(response, 413, 'The request is too large.');
  if (error instanceof SyntaxError) return refuse(response, 400, 'The request is not JSON.');
  const { type, message } = explain(error);
  if (type !== undefined) return refuse(response, 502, `The OctoStore server did not answer: ${message}`);
  refuse(response, 500, 'The request failed for a reason that was not expected.');
}

/** The token of a request. Null if it has none. */
export function tokenOf({ headers: { authorization = '' } }: IncomingMessage): string | null {
  return /^Bearer +([\x21-\x7e]+)$/i.exec(authorization)?.[1] ?? null;
}

/** A header with at most one value. */
export function headerOf({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
