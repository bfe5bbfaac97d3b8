import type { IncomingMessage, ServerResponse } from 'node:http';
import { Logger } from '@nestjs/common';
import type { Clock } from '../clock/clock.js';
import type { Config } from '../config/config.js';
import type { RequestContext } from '../http/input/service-request.js';
import { routeTemplateOf } from '../http/routes/route-template.js';
import type { Tracing } from '../tracing/tracing.js';

/** How long failures with the same status share a line, in milliseconds. */
const SHARED_FOR_MS = 1_000;

/**
 * Logs failed requests (status 500 and above) always, and every request at level `debug`. Never logs paths, headers or
 * bodies.
 *
 * If several requests fail with the same status within a second, the first one has a line, and one more line counts the
 * others. So an overloaded server does not spend its time on logging.
 */
export class RequestLog {
  readonly #logger = new Logger('Request');
  /** How many failures followed the first one, by status. Null if there was none. */
  #more: Map<number, number> | null = null;

  /** @param isDebug Whether lines at level `debug` are written. Building them would cost as much as the routes do. */
  constructor(
    private readonly clock: Clock,
    private readonly isDebug: boolean,
    private readonly tracing: Tracing,
  ) {}

  /** As the configuration says. */
  static of(clock: Clock, { LOG_LEVEL }: Pick<Config, 'LOG_LEVEL'>, tracing: Tracing): RequestLog {
    return new RequestLog(clock, LOG_LEVEL === 'debug' || LOG_LEVEL === 'trace', tracing);
  }

  requestDone(
    request: IncomingMessage,
    response: ServerResponse,
    context: RequestContext,
    durationMs: number,
  ): void {
    const isFailure = response.headersSent && response.statusCode >= 500;
    if (isFailure && this.#isFirst(response.statusCode)) {
      this.#logger.warn(this.#lineOf(request, response, context, durationMs));
    } else if (this.isDebug) {
      this.#logger.debug(this.#lineOf(request, response, context, durationMs));
    }
  }

  #isFirst(status: number): boolean {
    const more = (this.#more ??= this.#startCounting());
    const count = more.get(status);
    more.set(status, count === undefined ? 0 : count + 1);
    return count === undefined;
  }

  #startCounting(): Map<number, number> {
    this.clock.after(SHARED_FOR_MS, () => this.#logMore());
    return new Map();
  }

  #logMore(): void {
    const counts = [...(this.#more ?? [])].filter(([, count]) => count > 0);
    this.#more = null;
    if (counts.length === 0) return;
    this.#logger.warn({
      message: 'More requests failed',
      withinMs: SHARED_FOR_MS,
      byStatus: Object.fromEntries(counts),
    });
  }

  #lineOf(
    request: IncomingMessage,
    response: ServerResponse,
    { requestId }: RequestContext,
    durationMs: number,
  ): object {
    const traceId = this.tracing.traceIdOf(request);
    return {
      message: 'Request done',
      requestId,
      ...(traceId === null ? {} : { traceId }),
      method: request.method,
      route: routeTemplateOf(request),
      status: response.headersSent ? response.statusCode : null,
      durationMs: Math.round(durationMs * 10) / 10,
      // The client disconnected before its answer was complete.
      ...(response.writableFinished ? {} : { aborted: true }),
    };
  }
}
