import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  LimitError,
  NetworkError,
  NotFoundError,
  ServerError,
  TimeoutError,
  UnavailableError,
} from '../../../sdks/typescript/src/index.js';
import { Route } from '../../../sdks/typescript/src/route.js';
import { Servers } from '../../../sdks/typescript/src/servers.js';
import { nowMs } from '../../../sdks/typescript/src/time.js';

const A = 'http://a';
const B = 'http://b';
const C = 'http://c';
const REFUSED = new NetworkError('refused', false);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'Date'] });
  // Every pause is as long as it can be.
  vi.spyOn(Math, 'random').mockReturnValue(1);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** The pauses and servers of the attempts after failures with these errors. The time passes as the route says. */
function attempts(
  route: Route,
  servers: Servers,
  errors: readonly Error[],
): (readonly [number, string] | null)[] {
  return errors.map((error) => {
    servers.leave(route.url);
    const pauseMs = route.next(error);
    if (pauseMs === null) return null;
    vi.advanceTimersByTime(pauseMs);
    return [pauseMs, route.url];
  });
}

function times<T>(count: number, thing: T): T[] {
  return Array.from({ length: count }, () => thing);
}

function busy(seconds: number): UnavailableError {
  return new UnavailableError('busy', { status: 503, retryAfterMs: seconds * 1000 });
}

test('each server is asked at once in a round, and the pauses between the rounds grow', () => {
  const servers = new Servers([A, B, C]);
  expect(attempts(new Route(servers, 3), servers, times(9, REFUSED))).toEqual([
    [0, B],
    [0, C],
    [100, A],
    [0, B],
    [0, C],
    [200, A],
    [0, B],
    [0, C],
    null,
  ]);
});

test('with one server, each round is one attempt', () => {
  const servers = new Servers([A]);
  const all = attempts(new Route(servers, 4), servers, times(4, new TimeoutError('late')));
  expect(all).toEqual([[100, A], [200, A], [400, A], null]);
});

test('a server that asks for time gets it, and the others do not wait for it', () => {
  const servers = new Servers([A, B]);
  const errors = [busy(1), REFUSED, REFUSED, busy(0), busy(0)];
  expect(attempts(new Route(servers, 4), servers, errors)).toEqual([
    [0, B],
    [100, B],
    [900, A],
    [200, B],
    [0, A],
  ]);
});

test('a server that asks for more than five seconds is passed over, until all do', () => {
  const servers = new Servers([A, B]);
  expect(attempts(new Route(servers, 4), servers, [busy(60), REFUSED, busy(6)])).toEqual([
    [0, B],
    [100, B],
    null,
  ]);
  expect(attempts(new Route(servers), servers, [busy(60), busy(6), REFUSED])).toMatchObject([
    [0, expect.any(String)],
    [6000, expect.any(String)],
    [200, expect.any(String)],
  ]);
});

test('a refusal by the service is not taken to another server', () => {
  const servers = new Servers([A, B]);
  const route = new Route(servers, 4);
  expect(route.next(new LimitError('too many', { status: 429, retryAfterMs: 3000 }))).toBe(3000);
  expect(route.url).toBe(A);
  expect(route.next(new NotFoundError('gone'))).toBe(200);
  expect(route.url).toBe(A);
  expect(route.next(new ServerError('broken', { status: 500 }))).toBe(0);
  expect(route.url).toBe(B);
});

test('an answer that cannot be read is one that another server may give', () => {
  const servers = new Servers([A, B]);
  expect(attempts(new Route(servers, 4), servers, [new ServerError('rubbish', { status: 200 })])).toEqual([
    [0, B],
  ]);
});

test('after a success, a route begins again and never ends', () => {
  const servers = new Servers([A, B]);
  const route = new Route(servers, 1);
  expect(attempts(route, servers, [REFUSED])).toEqual([[0, B]]);
  route.restart();
  expect(servers.current).toBe(B);
  expect(attempts(route, servers, times(4, REFUSED))).toEqual([
    [0, A],
    [100, B],
    [0, A],
    [200, B],
  ]);
});

test('calls that fail together leave their server once, and later ones begin at the next', () => {
  const servers = new Servers([A, B, C]);
  const routes = [new Route(servers), new Route(servers)];
  for (const route of routes) attempts(route, servers, [REFUSED]);
  expect(routes.map(({ url }) => url)).toEqual([B, B]);
  expect(new Route(servers).url).toBe(B);
  servers.keep(C);
  expect(new Route(servers).url).toBe(C);
  expect(servers.fromCurrent).toEqual([C, A, B]);
});

test('while a call is patient, it goes on after the last round, and its last pause ends with its patience', () => {
  const servers = new Servers([A]);
  const route = new Route(servers, 2, nowMs() + 1000);
  expect(attempts(route, servers, times(6, REFUSED))).toEqual([
    [100, A],
    [200, A],
    [400, A],
    [300, A],
    null,
    null,
  ]);
});

test('however short its patience is, a call has all its rounds', () => {
  const servers = new Servers([A]);
  const route = new Route(servers, 4, nowMs() + 50);
  expect(attempts(route, servers, times(4, REFUSED))).toEqual([[100, A], [200, A], [400, A], null]);
});

test('a patient call waits for a Retry-After that ends in time, and for no other', () => {
  const servers = new Servers([A]);
  expect(attempts(new Route(servers, 4, nowMs() + 9000), servers, [busy(8)])).toEqual([[8000, A]]);
  expect(attempts(new Route(servers, 4, nowMs() + 7000), servers, [busy(8)])).toEqual([null]);
});

test('the pauses of a patient call start again after an attempt that waited', () => {
  const servers = new Servers([A]);
  const patient = new Route(servers, 4, nowMs() + 60_000);
  expect([patient.next(REFUSED), patient.next(REFUSED), patient.next(REFUSED, 1500)]).toEqual([
    100, 200, 100,
  ]);
  const usual = new Route(servers, 4);
  expect([usual.next(REFUSED), usual.next(REFUSED), usual.next(REFUSED, 1500)]).toEqual([100, 200, 400]);
});
