import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { KnownCaller } from './auth/known-caller.js';
import { AppModule } from './app.module.js';
import type { Clock } from './clock/clock.js';
import { SystemClock } from './clock/system-clock.js';
import type { Config } from './config/config.js';
import { serveConsole } from './console/serve-console.js';
import { createFront } from './http/create-front.js';
import type { Front } from './http/front.js';
import { ForwardedRequests } from './http/forwarded/forwarded-requests.js';
import { HttpAdapter } from './http/http-adapter.js';
import { serveRequests } from './http/serve-requests.js';
import { NEW_WORK_MS_MAX } from './http/pipeline/load-shedder.js';
import { routeTemplateOf } from './http/routes/route-template.js';
import type { RequestListener } from './http/pipeline/open-exchange.js';
import { RequestLog } from './logging/request-log.js';
import { ConnectionMetrics } from './metrics/connection-metrics.js';
import { HttpMetrics } from './metrics/http-metrics.js';
import { serveDocs } from './openapi/docs.js';
import { forwardingKeysOf } from './secrets/forwarding-key.js';
import { PassingOn } from './tracing/passing-on.js';
import type { Tracing } from './tracing/tracing.js';
import type { Term } from './term.js';

interface CreateOptions {
  /** The application's only source of time. */
  readonly clock?: Clock;
  /** For how many milliseconds at a time new work is accepted. Longer if others share the event loop. */
  readonly newWorkMsMax?: number;
  readonly tracing?: Tracing;
  /** The server to serve on, if it outlives the application. Otherwise the application gets one of its own. */
  readonly front?: Front;
  /** The folder of a built console. If left out, the one that comes with the program. */
  readonly consoleAt?: string;
}

/**
 * Builds the application of one term. It does not listen yet. When you close it, the term ends.
 *
 * @param term if null, the application can only describe its API.
 */
export async function createApp(
  config: Config,
  term: Term | null,
  {
    clock = new SystemClock(),
    newWorkMsMax = NEW_WORK_MS_MAX,
    tracing = new PassingOn(),
    front: sharedFront,
    consoleAt,
  }: CreateOptions = {},
): Promise<NestExpressApplication> {
  const front = sharedFront ?? createFront(config, clock, forwardingKeysOf(config));
  const adapter = new HttpAdapter(front, {
    trustedProxies: config.TRUST_PROXY,
    isFrontShared: sharedFront !== undefined,
  });
  const app = await NestFactory.create<NestExpressApplication>(
    AppModule.forRoot({ config, clock, tracing, term: () => term ?? noTerm() }),
    adapter,
    { preview: term === null, bodyParser: false, abortOnError: false },
  );
  if (term === null) return app;
  serveDocs(app);
  serveConsole(app, adapter.replies, consoleAt);
  app.get(ConnectionMetrics).follow(front.connections);
  serveRequests(app, adapter, {
    clock,
    newWorkMsMax,
    lean: config.LEAN_ROUTES,
    callers: app.get(KnownCaller),
    forwarded: new ForwardedRequests(forwardingKeysOf(config)),
    tracing,
    onDone: requestListener(app, config, { clock, tracing }),
  });
  return app;
}

/** Passes each finished request to the metrics, the log and the traces. */
function requestListener(
  app: NestExpressApplication,
  config: Config,
  { clock, tracing }: Required<Pick<CreateOptions, 'clock' | 'tracing'>>,
): RequestListener {
  const requestLog = RequestLog.of(clock, config, tracing);
  const metrics = app.get(HttpMetrics);
  return (request, response, context) => {
    const durationMs = clock.monotonicMs() - context.startedAtMs;
    metrics.requestDone(request, response, durationMs);
    requestLog.requestDone(request, response, context, durationMs);
    tracing.requestDone(request, response, {
      route: routeTemplateOf(request),
      requestId: context.requestId,
    });
  };
}

function noTerm(): never {
  throw new Error('the application was built without a term');
}
