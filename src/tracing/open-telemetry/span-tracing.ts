import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { SpanKind, SpanStatusCode, type Span, type Tracer } from '@opentelemetry/api';
import type { Clock } from '../../clock/clock.js';
import { NO_ONE_ASKED, Origins } from '../origins.js';
import { traceContextIn, traceHeaders } from '../trace-context.js';
import {
  Tracing,
  type AboutRequest,
  type Attempted,
  type Decided,
  type Delivering,
  type Headers,
} from '../tracing.js';
import { CommitSpans } from './commit-spans.js';
import { contextOfSpan, inside, insideSpan } from './span-contexts.js';

/** How long the last spans may take at a stop, in milliseconds. */
const CLOSE_MS = 2_000;

/** Records a span for each request, decision, commit and delivery. Names of locks and users are in none of them. */
export class SpanTracing extends Tracing {
  readonly #tracer: Tracer;
  readonly #clock: Clock;
  readonly #shutDown: () => Promise<void>;
  readonly #scope = new AsyncLocalStorage<Span>();
  readonly #requests = new WeakMap<IncomingMessage, Span>();
  readonly #origins = new Origins();
  readonly #commits: CommitSpans;

  /** @param shutDown exports what is left. */
  constructor(tracer: Tracer, clock: Clock, shutDown: () => Promise<void>) {
    super();
    this.#tracer = tracer;
    this.#clock = clock;
    this.#shutDown = shutDown;
    this.#commits = new CommitSpans(tracer);
  }

  override serve(request: IncomingMessage, startedAtMs: number, serve: () => void): void {
    const startTime = this.#clock.wallMs() - (this.#clock.monotonicMs() - startedAtMs);
    const method = request.method ?? 'GET';
    const span = this.#tracer.startSpan(
      method,
      { kind: SpanKind.SERVER, startTime, attributes: { 'http.request.method': method } },
      inside(traceContextIn(request.headers)),
    );
    this.#requests.set(request, span);
    this.#scope.run(span, serve);
  }

  override traceIdOf(request: IncomingMessage): string | null {
    const span = this.#requests.get(request);
    return span?.spanContext().traceId ?? traceContextIn(request.headers)?.traceId ?? null;
  }

  override forwardedHeaders(request: IncomingMessage): Headers | null {
    const span = this.#requests.get(request);
    return span === undefined ? null : traceHeaders(contextOfSpan(span));
  }

  override requestDone(request: IncomingMessage, response: ServerResponse, about: AboutRequest): void {
    const span = this.#requests.get(request);
    if (span === undefined) return;
    const { headersSent, statusCode, writableFinished } = response;
    span.updateName(`${request.method ?? 'GET'} ${about.route}`);
    span.setAttributes({ 'http.route': about.route, 'octostore.request_id': about.requestId });
    if (headersSent) span.setAttribute('http.response.status_code', statusCode);
    if (!writableFinished) span.setAttribute('octostore.aborted', true);
    if (headersSent && statusCode >= 500) {
      span.setAttribute('error.type', String(statusCode)).setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end();
  }

  override decide<R extends Decided>(kind: string, decide: () => R): R {
    const request = this.#scope.getStore();
    if (request === undefined || NO_ONE_ASKED.has(kind)) return decide();
    const span = this.#tracer.startSpan(`decide ${kind}`, {}, insideSpan(request));
    try {
      const decided = decide();
      span.setAttribute('octostore.outcome', decided.outcome.kind);
      if (decided.events.length > 0) this.#origins.add(decided.events, contextOfSpan(span));
      if (decided.changes.length > 0) this.#commits.expect(request);
      return decided;
    } finally {
      span.end();
    }
  }

  override commit(write: () => Promise<void>): Promise<void> {
    return this.#commits.run(write);
  }

  override async deliver<R extends Attempted>(
    { deliveryId, sequence }: Delivering,
    attempt: (headers: Headers) => Promise<R>,
  ): Promise<R> {
    const span = this.#tracer.startSpan(
      'deliver webhook',
      {
        kind: SpanKind.CLIENT,
        attributes: { 'http.request.method': 'POST', 'octostore.delivery_id': deliveryId },
      },
      inside(this.#origins.of(sequence)),
    );
    try {
      const attempted = await attempt(traceHeaders(contextOfSpan(span)));
      describeAttempt(span, attempted);
      return attempted;
    } finally {
      span.end();
    }
  }

  override close(): Promise<void> {
    const lastSpans = this.#shutDown().catch(() => undefined);
    return Promise.race([lastSpans, this.#clock.pause(CLOSE_MS)]);
  }
}

function describeAttempt(span: Span, attempted: Attempted): void {
  if (attempted?.status != null) span.setAttribute('http.response.status_code', attempted.status);
  const error = attempted === null ? 'aborted' : attempted.error;
  if (error !== null) span.setAttribute('error.type', error).setStatus({ code: SpanStatusCode.ERROR });
}
