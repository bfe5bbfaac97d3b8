import type { IncomingMessage, ServerResponse } from 'node:http';
import { Logger } from '@nestjs/common';
import type { RequestContext } from '../http/request-context.js';
import { routeTemplateOf } from '../http/route-template.js';

/** One line a request: failures of the server always, everything else at level `debug`. No path, no header, no body. */
export class RequestLog {
  readonly #logger = new Logger('Request');

  /** @param isDebug Whether anybody reads lines at that level: to build them would cost as much as the routes do. */
  constructor(private readonly isDebug: boolean) {}

  requestDone(
    request: IncomingMessage,
    response: ServerResponse,
    { requestId }: RequestContext,
    durationMs: number,
  ): void {
    const isFailure = response.headersSent && response.statusCode >= 500;
    if (!isFailure && !this.isDebug) return;
    const line = {
      message: 'Request done',
      requestId,
      method: request.method,
      route: routeTemplateOf(request),
      status: response.headersSent ? response.statusCode : null,
      durationMs: Math.round(durationMs * 10) / 10,
      // A client that went away before its answer was complete.
      ...(response.writableFinished ? {} : { aborted: true }),
    };
    if (isFailure) this.#logger.warn(line);
    else this.#logger.debug(line);
  }
}
