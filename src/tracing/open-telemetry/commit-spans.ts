import { SpanStatusCode, type Span, type Tracer } from '@opentelemetry/api';
import { insideSpan } from './span-contexts.js';

/** How many requests of a commit are linked to it. */
const LINKS_MAX = 100;

/**
 * The spans of commits. Many requests share one: it belongs to the first of them, and the others are linked to it and it to them.
 */
export class CommitSpans {
  readonly #tracer: Tracer;
  #waiting: Span[] = [];
  #waitingCount = 0;

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  /** The next commit contains changes of a request. */
  expect(request: Span): void {
    if (!request.isRecording()) return;
    this.#waitingCount += 1;
    if (this.#waiting.length <= LINKS_MAX) this.#waiting.push(request);
  }

  /** Runs a commit of everything that is expected. */
  run(write: () => Promise<void>): Promise<void> {
    const [first, ...others] = this.#waiting;
    if (first === undefined) return write();
    const attributes = { 'octostore.commit.requests': this.#waitingCount };
    this.#waiting = [];
    this.#waitingCount = 0;
    const links = others.map((request) => ({ context: request.spanContext() }));
    const span = this.#tracer.startSpan('commit', { links, attributes }, insideSpan(first));
    for (const request of others) request.addLink({ context: span.spanContext() });
    return ending(span, write());
  }
}

async function ending(span: Span, committed: Promise<void>): Promise<void> {
  try {
    await committed;
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}
