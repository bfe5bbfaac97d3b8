import { Logger } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { OctoStoreError } from '../../errors/octostore-error.js';
import { contextOf } from '../input/service-request.js';
import type { Replies } from './replies.js';

const logger = new Logger('Http');

/**
 * Answers a request that neither a route nor the error filter has answered. Express would send a page with the stack. If the
 * answer has begun, or cannot be sent, closes the connection.
 *
 * @param error What was thrown. Undefined if no route matched the request.
 */
export function sendFallbackAnswer(replies: Replies, response: ServerResponse, error: unknown): void {
  const { req: request } = response;
  const { requestId } = contextOf(request);
  if (error) logger.error({ message: 'A request failed outside its route', requestId, error });
  if (response.headersSent) {
    request.socket.destroy();
    return;
  }
  const code = error ? 'internal_error' : 'route_not_found';
  try {
    replies.sendError(response, new OctoStoreError(code, { cause: error }));
  } catch {
    request.socket.destroy();
  }
}
