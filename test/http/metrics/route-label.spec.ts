import { afterAll, expect, test, vi } from 'vitest';
import { HttpMetrics } from '../../../src/metrics/http-metrics.js';
import { rawCall, requestText } from '../../../lab/kit/http/raw-http.js';
import { ALICE } from '../../support/server.js';
import { useServer } from '../suite.js';

const suite = useServer({ LEAN_ROUTES: 'false' });
const done = vi.spyOn(HttpMetrics.prototype, 'requestDone');

afterAll(() => done.mockRestore());

/** The route that this server records, and the one that Express serves. */
interface Noted {
  readonly servedBy?: { readonly path: string } | null;
  readonly route?: { readonly path: string };
}

/** Where requests go, for every way in which an address can be unusual. */
const REQUESTS = [
  ['GET', '/health'],
  ['HEAD', '/health'],
  ['GET', '/health/'],
  ['GET', '/Health'],
  ['GET', '/health?a=b'],
  ['OPTIONS', '/health'],
  ['DELETE', '/health'],
  ['GET', '/nowhere'],
  ['GET', '/locks'],
  ['GET', '/locks/a'],
  ['GET', '/locks/a%2Fb'],
  ['GET', '/locks/a/b'],
  ['GET', '/locks/a//b'],
  ['GET', '/locks/%ff'],
  ['GET', '/locks/a/'],
  ['HEAD', '/locks/a'],
  ['POST', '/locks/a/acquire'],
  ['POST', '/locks/a/acquire/acquire'],
  ['POST', '/locks/a%20b/acquire'],
  ['PUT', '/locks/a/acquire'],
  ['GET', '/sessions/no-uuid'],
  ['GET', '/webhooks/1/deliveries'],
  ['GET', '/admin/status'],
  ['GET', '/openapi.yaml'],
  ['GET', '/docs'],
  ['GET', '/docs/nothing'],
] as const;

test.each(REQUESTS)('%s %s is counted for the route by which Express serves it', async (method, path) => {
  done.mockClear();
  const headers = { authorization: `Bearer ${ALICE}`, connection: 'close' };
  await rawCall(suite.server.url, requestText(method, path, headers)).catch(() => undefined);
  await vi.waitFor(() => expect(done).toHaveBeenCalledOnce(), { timeout: 10_000 });
  // Express changes the prototype of requests, but keeps what is recorded in them.
  const noted = done.mock.calls[0]?.[0] as Noted | undefined;
  expect(noted).toBeDefined();
  expect(noted?.servedBy?.path).toBe(noted?.route?.path);
});
