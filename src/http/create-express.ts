import express, { type Express } from 'express';

/** Creates an Express application with our settings. */
export function createExpress(trustedProxies: readonly string[]): Express {
  const app = express();
  app.disable('x-powered-by');
  // Lock names are case-sensitive, so the rest of a path is too.
  app.enable('case sensitive routing');
  app.disable('etag');
  if (trustedProxies.length > 0) app.set('trust proxy', trustedProxies);
  return app;
}
