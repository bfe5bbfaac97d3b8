import type { Type } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ErrorFilter } from './answer/error.filter.js';
import type { HttpAdapter } from './http-adapter.js';
import { leanHandlersOf } from './pipeline/lean-handlers.js';
import { Pipeline, type PipelineParts } from './pipeline/pipeline.js';
import { RouteServer } from './pipeline/route-server.js';
import { applicationRoutes } from './routes/application-routes.js';
import { RouteTable } from './routes/route-table.js';

interface Options extends Omit<PipelineParts, 'routes' | 'server' | 'replies'> {
  /** Whether lean routes are served without Express. */
  readonly lean: boolean;
}

/**
 * Connects requests to the routes of an application. Call this before the application is initialized, and after the routes
 * without a controller have been added.
 */
export function serveRequests(app: NestExpressApplication, adapter: HttpAdapter, options: Options): void {
  const { replies } = adapter;
  const routes = new RouteTable(applicationRoutes(app));
  const errorFilter = new ErrorFilter(replies, routes);
  app.useGlobalFilters(errorFilter);
  const instanceOf = <T>(type: Type<T>): T => app.get(type, { strict: false });
  const lean = leanHandlersOf(options.lean ? routes.routes : [], { instanceOf, errorFilter, replies });
  const server = new RouteServer(lean, adapter.getInstance(), replies);
  adapter.serveThrough(new Pipeline({ ...options, routes, server, replies }));
}
