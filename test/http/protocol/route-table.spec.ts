import 'reflect-metadata';
import { ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import express, { type Express } from 'express';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ServiceRequest } from '../../../src/http/input/service-request.js';
import { NO_ROUTE, type Route } from '../../../src/http/routes/route.js';
import { RouteTable } from '../../../src/http/routes/route-table.js';

/** Routes like ours: method, path, and whether they are lean. */
const ROUTES: readonly Route[] = (
  [
    ['GET', '/', false],
    ['GET', '/locks', false],
    ['GET', '/locks/*name/watch', false],
    ['GET', '/locks/*name', true],
    ['POST', '/locks/*name/acquire', true],
    ['POST', '/locks/*name/release', true],
    ['GET', '/sessions/:id', true],
    ['DELETE', '/sessions/:id', true],
    ['POST', '/sessions', true],
    ['POST', '/sessions/:id/keepalive', true],
    ['POST', '/webhooks/:id/deliveries/:delivery/redeliver', true],
  ] as const
).map(([method, path, isLean]) => Object.assign({}, NO_ROUTE, { method, path, isLean }));

interface Seen {
  readonly path: string;
  readonly params: unknown;
}

let seen: Seen | null = null;

/** An application whose routes record each call and its parameters. */
function makeApp(): Express {
  const app = express().enable('case sensitive routing');
  for (const { method, path } of ROUTES) {
    app[method.toLowerCase() as 'get'](path, ({ params }) => (seen = { path, params: plain(params) }));
  }
  return app;
}

function requestFor(method: string, url: string): ServiceRequest {
  return Object.assign(new ServiceRequest(new Socket()), { method, url });
}

function byExpress(method: string, url: string): Seen | null {
  seen = null;
  const request = requestFor(method, url);
  app.router(request as never, new ServerResponse(request) as never, () => undefined);
  return seen;
}

function byTable(method: string, url: string): { readonly route: Route; readonly params: unknown } {
  const request = requestFor(method, url);
  const route = table.match(request);
  return { route, params: request.params };
}

/** Express's parameters have no prototype. */
function plain(params: unknown): unknown {
  return JSON.parse(JSON.stringify(params));
}

const app = makeApp();
const table = new RouteTable(ROUTES);

const first = fc.constantFrom('locks', 'sessions', 'webhooks');
const last = fc.constantFrom('acquire', 'release', 'watch', 'keepalive', 'redeliver');
const component = fc.oneof(
  { weight: 3, arbitrary: fc.stringMatching(/^[\w.-]{1,8}$/) },
  { weight: 1, arbitrary: fc.oneof(first, last, fc.stringMatching(/^[\w.%/-]{1,8}$/)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '',
      '.',
      '..',
      'a%2Fb',
      '%2f',
      '%61',
      '%',
      '%ff',
      'LOCKS',
      'a b',
      'ä',
      'a;b',
      'a?b=c',
      'a#b',
      'a\\b',
    ),
  },
);
const before = fc.oneof(
  { weight: 15, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: fc.constantFrom('http://host', 'http://[', '*') },
);
const after = fc.oneof(
  { weight: 4, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: fc.constantFrom('/', '?', '?a=b', '?a#b', '#a?b', '?/acquire') },
);
const url = fc
  .tuple(
    before,
    fc.oneof(first, component),
    fc.array(component, { maxLength: 4 }),
    fc.oneof(last, component),
    after,
  )
  .map(([host, start, between, end, rest]) => `${host}/${[start, ...between, end].join('/')}${rest}`);
const method = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('GET', 'POST', 'POST', 'DELETE') },
  { weight: 1, arbitrary: fc.constantFrom('HEAD', 'PUT', 'OPTIONS') },
);

test('each request reaches the same route as with Express; lean routes get the same parameters', () => {
  const counts = { lean: 0, byExpress: 0, nowhere: 0 };
  fc.assert(
    fc.property(method, url, (anyMethod, anyUrl) => {
      const { route, params } = byTable(anyMethod, anyUrl);
      const expected = byExpress(anyMethod, anyUrl);
      expect(route.path).toBe(expected?.path ?? '');
      if (route.isLean) expect(params).toEqual(expected?.params);
      counts[route === NO_ROUTE ? 'nowhere' : route.isLean ? 'lean' : 'byExpress'] += 1;
    }),
    { numRuns: 20_000 },
  );
  for (const count of Object.values(counts)) expect(count).toBeGreaterThan(500);
});

test('an address has the methods that Express serves there', () => {
  const methods = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT'];
  fc.assert(
    fc.property(url, (anyUrl) => {
      const served = methods.filter((anyMethod) => byExpress(anyMethod, anyUrl) !== null);
      expect(table.methodsAt(anyUrl)).toEqual(served);
    }),
    { numRuns: 5_000 },
  );
});

test.each([
  ['POST', '/locks/a/acquire', { name: ['a'] }],
  ['POST', '/locks/a/b.c/d_e-f/acquire', { name: ['a', 'b.c', 'd_e-f'] }],
  ['POST', '/locks/a%2Fb/release', { name: ['a/b'] }],
  ['POST', '/locks/acquire/acquire', { name: ['acquire'] }],
  ['GET', '/locks/a', { name: ['a'] }],
  ['GET', '/locks/a%2Fwatch', { name: ['a/watch'] }],
  ['GET', '/sessions/x', { id: 'x' }],
  ['POST', '/sessions', {}],
  ['POST', '/webhooks/1/deliveries/2/redeliver', { id: '1', delivery: '2' }],
])('%s %s is served without Express', (anyMethod, anyUrl, params) => {
  expect(byTable(anyMethod, anyUrl)).toMatchObject({ route: { isLean: true }, params });
});

test.each([
  ['GET', '/locks', '/locks'],
  ['GET', '/locks/a/watch', '/locks/*name/watch'],
  ['GET', '/locks/a?b=c', '/locks/*name'],
  ['GET', '/locks/a/', '/locks/*name'],
  ['GET', '/locks//a', '/locks/*name'],
  ['GET', '/locks/%61', '/locks/*name'],
  ['HEAD', '/locks/a', '/locks/*name'],
  ['POST', '/locks/a/acquire/', '/locks/*name/acquire'],
  ['POST', '/locks/acquire', ''],
  ['POST', '//locks/a/acquire', ''],
  ['POST', 'http://host/locks/a/acquire', '/locks/*name/acquire'],
  ['POST', '/LOCKS/a/acquire', ''],
  ['GET', '/nowhere', ''],
])('%s %s is left to Express', (anyMethod, anyUrl, path) => {
  expect(byTable(anyMethod, anyUrl).route).toMatchObject({ isLean: false, path });
});
