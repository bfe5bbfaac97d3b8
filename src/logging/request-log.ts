import type { IncomingMessage, ServerResponse } from 'node:http';
import { Logger } from '@nestjs/common';
import type { Clock } from '../clock/clock.js';
import type { RequestContext } from '../http/input/service-request.js';
import { routeTemplateOf } from '../http/routes/route-template.js';

/** For how long failures that resemble one another share a line, in milliseconds. */
const SHARED_FOR_MS = 1_000;

/**
 * Failures of the server always, everything else at level `debug`, where each request has a line. No path, no header, no body.
 *
 * Of the failures with one status within a second, the first has a line, and the others are counted in another one: an
 * overloaded server has better things to do than to say so thousands of times.
 */
export class RequestLog {
  readonly #logger = new Logger('Request');
  /** How many more failures there were since the line about the first one, by status. Null while there were none. */
  #more: Map<number, number> | null = null;

  /** @param isDebug Whether anybody reads lines at that level: to build them would cost as much as the routes do. */
  constructor(
    private readonly clock: Clock,
    private readonly isDebug: boolean,
  ) {}

  requestDone(
    request: IncomingMessage,
    response: ServerResponse,
    context: RequestContext,
    durationMs: number,
  ): void {
    const isFailure = response.headersSent && response.statusCode >= 500;
    if (isFailure && this.#isFirst(response.statusCode)) {
      this.#logger.warn(lineOf(request, response, context, durationMs));
    } else if (this.isDebug) {
      this.#logger.debug(lineOf(request, response, context, durationMs));
    }
  }

  #isFirst(status: number): boolean {
    const more = (this.#more ??= this.#beginToCount());
    const count = more.get(status);
    more.set(status, count === undefined ? 0 : count + 1);
    return count === undefined;
  }

  #beginToCount(): Map<number, number> {
    this.clock.after(SHARED_FOR_MS, () => this.#tellOfMore());
    return new Map();
  }

  #tellOfMore(): void {
    const counts = [...(this.#more ?? [])].filter(([, count]) => count > 0);
    this.#more = null;
    if (counts.length === 0) return;
    this.#logger.warn({
      message: 'More requests failed',
      withinMs: SHARED_FOR_MS,
      byStatus: Object.fromEntries(counts),
    });
  }
}

function lineOf(
  request: IncomingMessage,
  response: ServerResponse,
  { requestId }: RequestContext,
  durationMs: number,
): object {
  return {
    message: 'Request done',
    requestId,
    method: request.method,
    route: routeTemplateOf(request),
    status: response.headersSent ? response.statusCode : null,
    durationMs: Math.round(durationMs * 10) / 10,
    // A client that went away before its answer was complete.
    ...(response.writableFinished ? {} : { aborted: true }),
  };
}
