import { Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import { OctoStoreError } from '../../errors/octostore-error.js';
import { errorResponse, type ErrorResponse } from './error-response.js';
import { contextOf } from '../input/service-request.js';

const logger = new Logger('Http');

interface Answering {
  replyWithError(response: Response, answer: ErrorResponse): void;
}

/**
 * Answers what neither a route nor the error filter has answered, which Express would do with a page that shows the stack. If
 * the answer has begun, or cannot be given, the connection is cut.
 *
 * @param error what was thrown; nothing if no route wanted the request.
 */
export function answerLeftover(adapter: Answering, request: Request, error: unknown): void {
  const { res: response } = request;
  const { requestId } = contextOf(request);
  if (error) logger.error({ message: 'A request failed outside its route', requestId, error });
  if (response === undefined || response.headersSent) {
    request.socket.destroy();
    return;
  }
  const code = error ? 'internal_error' : 'route_not_found';
  try {
    adapter.replyWithError(response, errorResponse(new OctoStoreError(code, { cause: error }), requestId));
  } catch {
    request.socket.destroy();
  }
}
