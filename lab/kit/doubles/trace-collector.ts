import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { spansIn, type ExportedSpan } from './otlp-messages.js';

const PATH = '/v1/traces';
const TYPE = 'application/x-protobuf';

/** How a collector treats exports: it accepts them, refuses them for good, or accepts the connection and never answers. */
export type CollectorMood = 'accepts' | 'refuses' | 'hangs';

/** A collector of OpenTelemetry that accepts OTLP over HTTP on loopback, and keeps the spans. */
export class TraceCollector {
  readonly spans: ExportedSpan[] = [];
  /** The headers of each export. */
  readonly exports: IncomingHttpHeaders[] = [];
  mood: CollectorMood = 'accepts';
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      void this.#answer(request, response);
    });
  }

  static async start(): Promise<TraceCollector> {
    const collector = new TraceCollector();
    await new Promise<void>((resolve) => {
      collector.#server.listen(0, '127.0.0.1', resolve);
    });
    return collector;
  }

  /** The value of `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The spans that have arrived of one trace, in the order in which they began. */
  trace(traceId: string): ExportedSpan[] {
    return this.spans
      .filter((span) => span.traceId === traceId)
      .toSorted((one, other) => Number(one.startedAt - other.startedAt));
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const status = await this.#take(request);
    if (status !== null) response.writeHead(status, { 'Content-Type': TYPE }).end();
  }

  /** The status of the answer. Null for none. */
  async #take(request: IncomingMessage): Promise<number | null> {
    const body = await buffer(request);
    this.exports.push(request.headers);
    if (this.mood === 'hangs') return null;
    if (this.mood === 'refuses') return 400;
    if (request.url !== PATH || request.headers['content-type'] !== TYPE) return 404;
    this.spans.push(...spansIn(body));
    return 200;
  }
}
