import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeToken } from '../../../src/auth/tokens/token-format.js';
import { Client, type Reply } from '../../../lab/kit/http/client.js';
import { ManualClock } from '../../support/manual-clock.js';
import { ADMIN_KEY, ALICE, startServer, type TestServer } from '../../support/server.js';

const LIMIT = 3;

let server: TestServer;
let clock: ManualClock;
/** A different address for each test. */
let address: string;
let tests = 0;

beforeAll(async () => {
  clock = new ManualClock();
  const settings = { AUTH_FAILURES_PER_MINUTE: String(LIMIT), TRUST_PROXY: 'loopback' };
  server = await startServer(settings, clock);
});

afterAll(() => server.close());

beforeEach(() => {
  tests += 1;
  address = `192.0.2.${tests}`;
});

interface Attempt {
  readonly path?: string;
  readonly from?: string;
  readonly headers?: Record<string, string>;
}

function attempt(
  token: string | null,
  { path = '/locks', from = address, headers = {} }: Attempt = {},
): Promise<Reply> {
  return new Client(server.url, token).get(path, { headers: { 'x-forwarded-for': from, ...headers } });
}

async function statusesOf(times: number, call: () => Promise<Reply>): Promise<number[]> {
  const statuses: number[] = [];
  for (let count = 0; count < times; count += 1) statuses.push((await call()).status);
  return statuses;
}

describe('guessing is slowed down', () => {
  test.each<[string, () => Promise<Reply>]>([
    ['tokens', () => attempt(makeToken())],
    ['tokens on a route that Express serves', () => attempt('guess', { path: '/webhooks' })],
    ['tokens on a route without Express', () => attempt('guess', { path: '/locks/a' })],
    ['the admin key as bearer token', () => attempt('guess', { path: '/metrics' })],
    ['the admin key', () => attempt(null, { path: '/admin/status', headers: { 'x-admin-key': 'guess' } })],
    ['tokens on different routes', () => attempt('guess', { path: `/locks/${Math.random()}` })],
  ])('of %s', async (_, guess) => {
    expect(await statusesOf(LIMIT, guess)).toEqual([401, 401, 401]);
    const refused = await guess();
    expect(refused.status).toBe(429);
    expect(refused.body).toMatchObject({ code: 'rate_limited', details: expect.any(String) as unknown });
    expect(refused.headers.get('retry-after')).toBe('20');
    expect(refused.headers.get('www-authenticate')).toBeNull();
  });

  test('for an address, until time has passed, and for no other address', async () => {
    const guess = (): Promise<Reply> => attempt('guess');
    expect(await statusesOf(5, guess)).toEqual([401, 401, 401, 429, 429]);
    expect((await attempt('guess', { from: '198.51.100.1' })).status).toBe(401);
    clock.advance(20_000);
    expect(await statusesOf(2, guess)).toEqual([401, 429]);
  });

  test('for an IPv6 network as a whole', async () => {
    const from = (host: string): Promise<Reply> => attempt('guess', { from: `2001:db8:7:7:${host}` });
    const statuses = [];
    for (const host of ['0::1', '1::1', 'ffff::', '2::9']) statuses.push((await from(host)).status);
    expect(statuses).toEqual([401, 401, 401, 429]);
    expect((await attempt('guess', { from: '2001:db8:7:8::1' })).status).toBe(401);
  });
});

describe('from an address that guesses', () => {
  beforeEach(async () => {
    expect((await statusesOf(LIMIT + 2, () => attempt('guess'))).at(-1)).toBe(429);
  });

  test('a valid token and a valid key are still accepted', async () => {
    expect(await statusesOf(10, () => attempt(ALICE))).toEqual(Array.from({ length: 10 }, () => 200));
    expect((await attempt(ALICE, { path: '/locks/a' })).status).toBe(200);
    expect((await attempt(ADMIN_KEY, { path: '/metrics' })).status).toBe(200);
    const headers = { 'x-octostore-admin-key': ADMIN_KEY };
    expect((await attempt(null, { path: '/admin/status', headers })).status).toBe(200);
  });

  test('a valid token on a route for operators gets 403, and does not count as a failure', async () => {
    expect((await attempt(ALICE, { path: '/admin/status' })).status).toBe(403);
  });

  test('a request without credentials does not count as a guess', async () => {
    expect(await statusesOf(10, () => attempt(null))).toEqual(Array.from({ length: 10 }, () => 401));
    expect((await attempt(null, { path: '/admin/status' })).status).toBe(401);
  });
});

test('without a trusted proxy the address is that of the connection, whatever the headers say', async () => {
  const plain = await startServer({ AUTH_FAILURES_PER_MINUTE: '2' });
  const statuses = [];
  for (const from of ['192.0.2.1', '192.0.2.2', '192.0.2.3']) {
    const client = new Client(plain.url, 'guess');
    statuses.push((await client.get('/locks', { headers: { 'x-forwarded-for': from } })).status);
  }
  await plain.close();
  expect(statuses).toEqual([401, 401, 429]);
});

test('failures are counted by kind', async () => {
  const read = async (kind: string): Promise<number> => {
    const response = await fetch(`${server.url}/metrics`, { headers: { 'x-admin-key': ADMIN_KEY } });
    const pattern = new RegExp(`^octostore_auth_failures_total\\{kind="${kind}"\\} (\\d+)$`, 'm');
    return Number(pattern.exec(await response.text())?.[1]);
  };
  const [tokens, keys] = [await read('token'), await read('admin_key')];
  await statusesOf(5, () => attempt('guess'));
  await attempt('guess', { path: '/admin/status' });
  await attempt(null);
  expect([await read('token'), await read('admin_key')]).toEqual([tokens + 5, keys + 1]);
});
