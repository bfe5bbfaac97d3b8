import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rawCall, requestText } from '../../../lab/kit/http/raw-http.js';
import { startServer, type TestServer } from '../../support/server.js';
import { makeFolder } from '../../support/temp-folder.js';
import { startStandby } from '../../replica/standby-rig.js';

const PAGE = '<!doctype html><script type="module" src="/console/assets/main-1a2b3c.js"></script>';
const SCRIPT = 'document.title = "OctoStore";\n'.repeat(40);
const ICON = '<svg xmlns="http://www.w3.org/2000/svg"/>';
const HASHED = '/console/assets/main-1a2b3c.js';

const folder = makeFolder();
const built = join(folder.path, 'dist');
let server: TestServer;

beforeAll(async () => {
  mkdirSync(join(built, 'assets'), { recursive: true });
  writeFileSync(join(folder.path, 'secret.txt'), 'not for the public');
  symlinkSync(join(folder.path, 'secret.txt'), join(built, 'link.txt'));
  writeFileSync(join(built, 'index.html'), PAGE);
  writeFileSync(join(built, 'favicon.svg'), ICON);
  writeFileSync(join(built, 'assets/main-1a2b3c.js'), SCRIPT);
  writeFileSync(join(built, 'assets/main-1a2b3c.js.br'), brotliCompressSync(SCRIPT));
  writeFileSync(join(built, 'assets/main-1a2b3c.js.gz'), gzipSync(SCRIPT));
  server = await startServer({}, undefined, built);
});
afterAll(async () => {
  await server.close();
  folder.remove();
});

/** A leader and a standby serve the same. */
const SERVERS: readonly (readonly [string, () => Promise<string>])[] = [
  ['a server that leads', () => Promise.resolve(server.url)],
  ['a standby', async () => (await startStandby({ consoleAt: built })).url],
];

/** The bytes as they were sent. `fetch` would decompress them. */
async function get(url: string, path: string, headers: Record<string, string> = {}) {
  return rawCall(url, requestText('GET', path, headers));
}

describe.each(SERVERS)('%s', (_name, urlOf) => {
  test.each([
    '/console',
    '/console/',
    '/console/?tab=2',
    '/console/locks/a/b',
    '/console/locks/a%2Fb.js',
    '/console/index.html',
    '/console/asset',
  ])('%s is the page, which browsers ask for again each time', async (path) => {
    const reply = await get(await urlOf(), path);
    expect(reply.status).toBe(200);
    expect(reply.body).toBe(PAGE);
    expect(reply.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(reply.headers.get('cache-control')).toBe('no-cache');
    expect(reply.headers.get('x-request-id')).toBeTruthy();
  });

  test('a page that has not changed is not sent again', async () => {
    const url = await urlOf();
    const etag = (await get(url, '/console')).headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    for (const known of [etag, `"other", W/${etag}`, '*']) {
      const reply = await get(url, '/console/locks', { 'if-none-match': known });
      expect([reply.status, reply.body]).toEqual([304, '']);
      expect(reply.headers.get('etag')).toBe(etag);
    }
    expect((await get(url, '/console', { 'if-none-match': '"other"' })).status).toBe(200);
  });

  test('a hashed file may be kept forever', async () => {
    const reply = await get(await urlOf(), HASHED);
    expect(reply.body).toBe(SCRIPT);
    expect(reply.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(reply.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(reply.headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('another file is asked for again each time', async () => {
    const reply = await get(await urlOf(), '/console/favicon.svg');
    expect(reply.body).toBe(ICON);
    expect(reply.headers.get('content-type')).toBe('image/svg+xml');
    expect(reply.headers.get('cache-control')).toBe('no-cache');
  });

  test('the page can run and load nothing but what this server serves', async () => {
    const { headers } = await get(await urlOf(), '/console');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).not.toContain('unsafe');
    expect(policy).not.toContain('http');
    for (const rule of [
      "default-src 'none'",
      "script-src 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ])
      expect(policy.split('; ')).toContain(rule);
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('permissions-policy')).toContain('camera=()');
  });

  test.each([
    '/console/assets/gone-4d5e6f.js',
    '/console/assets/',
    '/console/assets/../../package.json',
    '/console/assets/..%2f..%2fpackage.json',
  ])('%s is not there', async (path) => {
    const reply = await get(await urlOf(), path);
    expect(reply.status).toBe(404);
    expect(JSON.parse(reply.body)).toMatchObject({ code: 'route_not_found' });
    expect(reply.headers.get('cache-control')).toBe('no-store');
  });

  test.each([
    '/console/../secret.txt',
    '/console/%2e%2e/secret.txt',
    '/console/link.txt',
    '/console//etc/passwd',
  ])('%s does not lead out of the folder', async (path) => {
    expect((await get(await urlOf(), path)).body).not.toContain('not for the public');
  });

  test('HEAD has the same headers', async () => {
    const url = await urlOf();
    const response = await fetch(`${url}${HASHED}`, {
      method: 'HEAD',
      headers: { 'accept-encoding': 'identity' },
    });
    expect(response.headers.get('content-length')).toBe(String(SCRIPT.length));
    expect(await response.text()).toBe('');
  });
});

describe('compressed files', () => {
  test.each([
    ['gzip, deflate, br', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, gzip;q=0.5', 'gzip'],
    ['*', 'br'],
    ['BR', 'br'],
    ['identity', null],
    ['br;q=0, *;q=0', null],
    ['br;q=nonsense', null],
  ])('Accept-Encoding: %s gets %s', async (accepted, encoding) => {
    const response = await fetch(`${server.url}${HASHED}`, { headers: { 'accept-encoding': accepted } });
    expect(response.headers.get('content-encoding')).toBe(encoding);
    expect(response.headers.get('vary')).toBe('Accept-Encoding');
    expect(await response.text()).toBe(SCRIPT);
  });

  test('each form has a tag of its own', async () => {
    const tags = await Promise.all(
      ['br', 'gzip', 'identity'].map(async (accepted) => {
        const response = await fetch(`${server.url}${HASHED}`, { headers: { 'accept-encoding': accepted } });
        await response.text();
        return response.headers.get('etag');
      }),
    );
    expect(new Set(tags).size).toBe(3);
  });

  test('they are no files of their own', async () => {
    expect((await get(server.url, `${HASHED}.br`)).status).toBe(404);
  });
});

test('other methods are refused', async () => {
  for (const path of ['/console', '/console/locks/a', HASHED]) {
    const reply = await rawCall(server.url, requestText('POST', path));
    expect(reply.status).toBe(405);
    expect(reply.headers.get('allow')).toBe('GET, HEAD');
  }
});

test('the bare address leads to the console', async () => {
  const reply = await get(server.url, '/');
  expect([reply.status, reply.headers.get('location')]).toEqual([302, 'console/']);
});

test('without a console, the answer says what to do', async () => {
  const bare = await startServer();
  try {
    for (const path of ['/console', '/console/locks/a', HASHED]) {
      const reply = await get(bare.url, path);
      expect(reply.status).toBe(404);
      expect(JSON.parse(reply.body)).toMatchObject({ details: expect.stringContaining('npm run build') });
    }
  } finally {
    await bare.close();
  }
});
