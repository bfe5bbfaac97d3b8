import { isatty } from 'node:tty';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Response } from 'express';
import { KnownCaller } from './auth/known-caller.js';
import { AppModule } from './app.module.js';
import type { Clock } from './clock/clock.js';
import { SystemClock } from './clock/system-clock.js';
import type { Config } from './config/config.js';
import { locateDatabase, type DatabaseLocation } from './installation/database-location.js';
import { ErrorFilter } from './http/error.filter.js';
import { connectionsPossible } from './http/connections/open-files.js';
import { HttpAdapter } from './http/http-adapter.js';
import type { TlsPaths } from './http/tls/tls-files.js';
import { LeanHandlers } from './http/lean-handlers.js';
import { NEW_WORK_MS_MAX } from './http/load-shedder.js';
import { createPino, PinoLogger, tellOfDroppedLines } from './logging/logger.js';
import { standardOutput } from './logging/output/standard-output.js';
import { RequestLog } from './logging/request-log.js';
import { ConnectionMetrics } from './metrics/connection-metrics.js';
import { HttpMetrics } from './metrics/http-metrics.js';
import { serveDocs } from './openapi/docs.js';

interface CreateOptions {
  /** Wires everything without opening anything, to describe the API. */
  readonly preview?: boolean;
  /** All time that the application has. */
  readonly clock?: Clock;
  /** By default where the configuration says. */
  readonly location?: DatabaseLocation;
  /** For how many milliseconds new work is taken on at a stretch: longer where others share the event loop. */
  readonly newWorkMsMax?: number;
}

/** Builds the application. It does not listen yet. */
export async function createApp(
  config: Config,
  {
    preview = false,
    clock = new SystemClock(),
    location,
    newWorkMsMax = NEW_WORK_MS_MAX,
  }: CreateOptions = {},
): Promise<NestExpressApplication> {
  const database = location ?? (await locateDatabase(config.DATABASE_URL));
  const adapter = new HttpAdapter(clock, {
    trustedProxies: config.TRUST_PROXY,
    newWorkMsMax,
    tls: tlsPathsOf(config),
    maxConnections: config.MAX_CONNECTIONS === 0 ? connectionsPossible() : config.MAX_CONNECTIONS,
    maxPipelined: config.MAX_PIPELINED_REQUESTS,
    unreadMsMax: config.UNREAD_ANSWER_SECONDS * 1000,
  });
  const app = await NestFactory.create<NestExpressApplication>(
    AppModule.forRoot(config, clock, database),
    adapter,
    {
      preview,
      bodyParser: false,
      abortOnError: false,
      logger: createLogger(config),
    },
  );
  const errorFilter = new ErrorFilter(adapter);
  app.useGlobalFilters(errorFilter);
  if (preview) return app;
  if (config.LEAN_ROUTES) {
    adapter.useLeanHandlers(
      new LeanHandlers({
        instanceOf: (type) => app.get(type, { strict: false }),
        errorFilter,
        reply: (response, body, status) => adapter.reply(response as Response, body, status),
      }),
    );
  }
  const caller = app.get(KnownCaller);
  adapter.tellCallersApart(caller);
  serveDocs(app);
  const requestLog = new RequestLog(clock, config.LOG_LEVEL === 'debug' || config.LOG_LEVEL === 'trace');
  app.get(ConnectionMetrics).follow(adapter.connections);
  const metrics = app.get(HttpMetrics);
  adapter.onRequestDone((request, response, context) => {
    const durationMs = clock.monotonicMs() - context.startedAtMs;
    metrics.requestDone(request, response, durationMs);
    requestLog.requestDone(request, response, context, durationMs);
  });
  return app;
}

/** Null serves plain HTTP. */
function tlsPathsOf({ TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile }: Config): TlsPaths | null {
  return certFile === undefined || keyFile === undefined ? null : { certFile, keyFile };
}

function createLogger({ LOG_LEVEL, LOG_FORMAT, LOG_BUFFER_KB }: Config): PinoLogger {
  standardOutput.lengthMax = LOG_BUFFER_KB * 1024;
  const format = LOG_FORMAT ?? (isatty(1) ? 'pretty' : 'json');
  const pino = createPino({ level: LOG_LEVEL, format }, standardOutput);
  tellOfDroppedLines(pino, standardOutput);
  return new PinoLogger(pino);
}
