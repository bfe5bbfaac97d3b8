import 'reflect-metadata';
import { ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import express, { type Express } from 'express';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LeanHandler } from '../../../src/http/pipeline/lean-handlers.js';
import { ServiceRequest } from '../../../src/http/input/service-request.js';
import { LeanRoutes } from '../../../src/http/routes/lean-routes.js';

interface Seen {
  readonly route: string;
  readonly params: unknown;
}

let seen: Seen | null = null;

const leanHandlers = new Set<object>();

/** An application in the manner of ours, each route of which tells that it was reached, and with what. */
function makeApp(): Express {
  const app = express().enable('case sensitive routing');
  const routes = [
    ['get', '/locks', false],
    ['get', '/locks/*name/watch', false],
    ['get', '/locks/*name', true],
    ['post', '/locks/*name/acquire', true],
    ['post', '/locks/*name/release', true],
    ['get', '/sessions/:id', true],
    ['post', '/sessions', true],
    ['post', '/sessions/:id/keepalive', true],
    ['post', '/webhooks/:id/deliveries/:delivery/redeliver', true],
  ] as const;
  for (const [method, path, isLean] of routes) {
    const handler = (request: { params: unknown }): Promise<void> => {
      seen = { route: `${method} ${path}`, params: structuredClone(request.params) };
      return Promise.resolve();
    };
    if (isLean) leanHandlers.add(handler);
    app[method](path, handler as never);
  }
  return app;
}

function requestFor(method: string, url: string): ServiceRequest {
  return Object.assign(new ServiceRequest(new Socket()), { method, url });
}

function byExpress(app: Express, method: string, url: string): Seen | null {
  seen = null;
  const request = requestFor(method, url);
  app.router(request as never, new ServerResponse(request) as never, () => undefined);
  return withoutPrototypes(seen);
}

function byLeanRoutes(lean: LeanRoutes, method: string, url: string): Seen | null | 'left to Express' {
  seen = null;
  const request = requestFor(method, url);
  return lean.serve(request, new ServerResponse(request)) ? withoutPrototypes(seen) : 'left to Express';
}

/** Express's parameters have no prototype. */
function withoutPrototypes(value: Seen | null): Seen | null {
  return value === null ? null : (JSON.parse(JSON.stringify(value)) as Seen);
}

const app = makeApp();
const lean = new LeanRoutes(app, (handle) => (leanHandlers.has(handle) ? (handle as LeanHandler) : null));

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
      'LOCKS',
      'a b',
      'ä',
      'a;b',
      'a?b=c',
      'a#b',
    ),
  },
);
const url = fc
  .tuple(fc.oneof(first, component), fc.array(component, { maxLength: 4 }), fc.oneof(last, component))
  .map(([before, between, after]) => `/${[before, ...between, after].join('/')}`);
const method = fc.constantFrom('GET', 'POST', 'POST', 'HEAD', 'DELETE');

test('what is served without Express is what Express would have served, with the same parameters', () => {
  let served = 0;
  fc.assert(
    fc.property(method, url, (anyMethod, anyUrl) => {
      const answer = byLeanRoutes(lean, anyMethod, anyUrl);
      if (answer === 'left to Express') return;
      served += 1;
      expect(answer).toEqual(byExpress(app, anyMethod, anyUrl));
    }),
    { numRuns: 20_000 },
  );
  expect(served).toBeGreaterThan(500);
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
  expect(byLeanRoutes(lean, anyMethod, anyUrl)).toMatchObject({ params });
});

test.each([
  ['GET', '/locks'],
  ['GET', '/locks/a/watch'],
  ['GET', '/locks/a?b=c'],
  ['GET', '/locks/a/'],
  ['GET', '/locks//a'],
  ['GET', '/locks/%61'],
  ['HEAD', '/locks/a'],
  ['POST', '/locks/a/acquire/'],
  ['POST', '/locks/acquire'],
  ['POST', '//locks/a/acquire'],
  ['POST', 'http://host/locks/a/acquire'],
  ['POST', '/LOCKS/a/acquire'],
  ['GET', '/nowhere'],
])('%s %s is left to Express', (anyMethod, anyUrl) => {
  expect(byLeanRoutes(lean, anyMethod, anyUrl)).toBe('left to Express');
});
