import { describe, expect, test } from 'vitest';
import { ApiContract } from '../../../lab/kit/http/schema.js';
import { rawCall, requestText } from '../../../lab/kit/http/raw-http.js';
import { ALICE } from '../../support/server.js';
import { newName, useServer } from '../suite.js';
import { openRawConnection } from '../../support/raw-connection.js';

const suite = useServer();
const contract = ApiContract.load();
const AUTHORIZATION = { authorization: `Bearer ${ALICE}` };

const addresses = [...new Set(contract.routes.map(({ template }) => template))].map((template) => ({
  template,
  path: template.replace('{name}', 'some-lock').replace(/\{\w+\}/g, '550e8400-e29b-41d4-a716-446655440000'),
  methods: contract.routes.filter((route) => route.template === template).map(({ method }) => method),
}));

describe('405 method_not_allowed with Allow', () => {
  const known = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'LOCK', 'UNLOCK'];

  test.each(addresses)('$template', async ({ path, methods }) => {
    for (const method of known) {
      // `GET /locks/{name}/acquire` is documented: it reads the lock of that name.
      if (contract.routeOf(method, path) !== null) continue;
      for (const headers of [{}, AUTHORIZATION]) {
        const reply = await rawCall(suite.server.url, requestText(method, path, headers));
        expect(reply.status, `${method} ${path}`).toBe(405);
        expect(JSON.parse(reply.body)).toMatchObject({ code: 'method_not_allowed' });
        const allowed = reply.headers.get('allow')?.split(', ') ?? [];
        expect(allowed).toEqual(expect.arrayContaining(methods));
        expect(allowed).not.toContain(method);
        if (allowed.includes('GET')) expect(allowed).toContain('HEAD');
      }
    }
  });

  test.each(['/', '/docs', '/docs/', '/openapi.json', '/openapi.yaml?'])(
    '%s, which no controller serves',
    async (path) => {
      for (const method of ['POST', 'OPTIONS']) {
        const reply = await rawCall(suite.server.url, requestText(method, path));
        expect(reply.status).toBe(405);
        expect(reply.headers.get('allow')).toBe('GET, HEAD');
      }
    },
  );
});

test('the bare address redirects to the docs', async () => {
  const reply = await rawCall(suite.server.url, requestText('GET', '/'));
  expect(reply.status).toBe(302);
  expect(reply.headers.get('location')).toBe('docs');
});

describe('404 route_not_found', () => {
  test.each([
    '/nowhere',
    '/LOCKS',
    '/Locks/a',
    '/lock/a',
    '//locks',
    '/sessions/550e8400-e29b-41d4-a716-446655440000/keepalive/more',
    '/sessions/550e8400-e29b-41d4-a716-446655440000/Keepalive',
    '/health/alive',
    '/admin',
    '/admin/Status',
    '/METRICS',
    '/api/locks',
    '/v1/locks',
    '/.env',
    '/favicon.ico',
    '/auth',
    '/watch/a',
    '/..%2fpackage.json',
    '/docs/../../package.json',
    '/docs/%2e%2e/%2e%2e/package.json',
    '/docs/..%2f..%2fpackage.json',
  ])('GET %s', async (path) => {
    const reply = await rawCall(suite.server.url, requestText('GET', path, AUTHORIZATION));
    expect(JSON.parse(reply.body)).toMatchObject({ code: 'route_not_found' });
    expect(reply.status).toBe(404);
  });

  test('does not depend on the caller', async () => {
    expect((await suite.nobody.get('/nowhere')).status).toBe(404);
    expect((await suite.nobody.as('wrong').post('/nowhere', {})).status).toBe(404);
  });
});

describe('400 malformed_request', () => {
  test.each([
    '/locks/%ZZ',
    '/locks/%',
    '/locks/%f',
    '/locks/%ff',
    '/locks/%C3%28',
    '/sessions/%ff',
    '/%c0%ae%c0%ae/',
  ])('for a path that cannot be decoded: %s', async (path) => {
    const reply = await rawCall(suite.server.url, requestText('GET', path, AUTHORIZATION));
    expect([400, 404]).toContain(reply.status);
    expect(['malformed_request', 'route_not_found']).toContain(codeOf(reply.body));
  });

  test('for a lock name that cannot be decoded, on every route', async () => {
    for (const [method, verb] of [
      ['GET', ''],
      ['GET', '/watch'],
      ['POST', '/acquire'],
      ['POST', '/release'],
      ['POST', '/renew'],
    ] as const) {
      const reply = await rawCall(
        suite.server.url,
        requestText(method, `/locks/a%ff${verb}`, AUTHORIZATION, method === 'POST' ? '{}' : ''),
      );
      expect(codeOf(reply.body)).toBe('malformed_request');
      expect(reply.status).toBe(400);
    }
  });
});

describe('HEAD', () => {
  test.each(['/health', '/health/ready', '/status', '/locks', '/locks/some-lock'])(
    '%s answers like GET, without the body',
    async (path) => {
      const get = await rawCall(suite.server.url, requestText('GET', path, AUTHORIZATION));
      const connection = await openRawConnection(suite.server.url);
      const head = await connection.send(requestText('HEAD', path, AUTHORIZATION)).reply({ toHead: true });
      expect(head.status).toBe(get.status);
      for (const name of ['content-type', 'content-length', 'cache-control'])
        expect(head.headers.get(name)).toBe(get.headers.get(name));
      // The connection continues at once: there was no body.
      const next = await connection.send(requestText('GET', '/health')).reply();
      expect(next.body).toBe('OK');
    },
  );

  test('of a stream answers and ends', async () => {
    const connection = await openRawConnection(suite.server.url);
    const head = await connection
      .send(requestText('HEAD', `/locks/${newName()}/watch`, AUTHORIZATION))
      .reply({ toHead: true });
    expect(head.status).toBe(200);
    expect(head.headers.get('content-type')).toContain('text/event-stream');
    const next = await connection.send(requestText('GET', '/health')).reply();
    expect(next.body).toBe('OK');
  });

  test('needs a token where GET does', async () => {
    const connection = await openRawConnection(suite.server.url);
    const { status } = await connection.send(requestText('HEAD', '/locks')).reply({ toHead: true });
    expect(status).toBe(401);
  });
});

function codeOf(body: string): unknown {
  return (JSON.parse(body) as { code?: unknown }).code;
}
