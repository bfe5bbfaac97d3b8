import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage } from 'node:http';
import { NO_ONE_ASKED, Origins } from './origins.js';
import { traceContextIn, traceHeaders, type TraceContext } from './trace-context.js';
import { Tracing, type Attempted, type Decided, type Delivering, type Headers } from './tracing.js';

/** Records nothing. Passes the trace headers of requests on to the webhooks whose events they cause. */
export class PassingOn extends Tracing {
  readonly #scope = new AsyncLocalStorage<TraceContext>();
  readonly #origins = new Origins();

  override serve(request: IncomingMessage, _startedAtMs: number, serve: () => void): void {
    const context = traceContextIn(request.headers);
    if (context === null) serve();
    else this.#scope.run(context, serve);
  }

  override traceIdOf(request: IncomingMessage): string | null {
    return traceContextIn(request.headers)?.traceId ?? null;
  }

  override forwardedHeaders(): null {
    return null;
  }

  override requestDone(): void {
    // Nothing was begun.
  }

  override decide<R extends Decided>(kind: string, decide: () => R): R {
    const decided = decide();
    const context = this.#scope.getStore();
    if (context !== undefined && !NO_ONE_ASKED.has(kind)) this.#origins.add(decided.events, context);
    return decided;
  }

  override commit(write: () => Promise<void>): Promise<void> {
    return write();
  }

  override deliver<R extends Attempted>(
    { sequence }: Delivering,
    attempt: (headers: Headers) => Promise<R>,
  ): Promise<R> {
    const origin = this.#origins.of(sequence);
    return attempt(origin === null ? {} : traceHeaders(origin));
  }

  override close(): Promise<void> {
    return Promise.resolve();
  }
}
