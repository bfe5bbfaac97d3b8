import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ERRORS, type ErrorCode } from '../../errors/error-table.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import { contextOf } from '../input/service-request.js';
import type { RouteTable } from '../routes/route-table.js';
import type { Replies } from './replies.js';

/** Turns anything that was thrown into an answer with the error body. What is not meant for the client is only logged. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  readonly #logger = new Logger(ErrorFilter.name);

  constructor(
    private readonly replies: Replies,
    private readonly routes: RouteTable,
  ) {}

  catch(thrown: unknown, argumentsHost: ArgumentsHost): void {
    this.answer(thrown, argumentsHost);
  }

  answer(thrown: unknown, argumentsHost: ArgumentsHost): void {
    const request = argumentsHost.switchToHttp().getRequest<IncomingMessage>();
    const response = argumentsHost.switchToHttp().getResponse<ServerResponse>();
    const error = this.#publicError(thrown, request);
    if (ERRORS[error.code].status === 500) {
      const { requestId } = contextOf(request);
      this.#logger.error({ message: 'A request failed', requestId, error: thrown });
    }
    if (response.headersSent) response.destroy();
    else this.replies.sendError(response, error);
  }

  #publicError(thrown: unknown, request: IncomingMessage): OctoStoreError {
    if (thrown instanceof OctoStoreError) return thrown;
    const status = statusOf(thrown);
    if (status === 404) return this.#nothingThere(request);
    if (status === 401) return new OctoStoreError('unauthorized');
    const code: ErrorCode = status !== null && status < 500 ? 'malformed_request' : 'internal_error';
    return new OctoStoreError(code, { cause: thrown });
  }

  /** Answers 405 instead of 404 if the address supports other methods. */
  #nothingThere({ url = '' }: IncomingMessage): OctoStoreError {
    const methods = this.routes.methodsAt(url);
    if (methods.length === 0) return new OctoStoreError('route_not_found');
    const allow = methods.join(', ');
    return new OctoStoreError('method_not_allowed', {
      details: `Use ${allow}.`,
      headers: { Allow: allow },
    });
  }
}

/** The HTTP status that Nest, Express or a library gave the error. Null if there is none. */
function statusOf(thrown: unknown): number | null {
  if (thrown instanceof HttpException) return thrown.getStatus();
  if (!(thrown instanceof Error) || !('status' in thrown)) return null;
  return typeof thrown.status === 'number' ? thrown.status : null;
}
