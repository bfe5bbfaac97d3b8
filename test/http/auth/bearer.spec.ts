import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client } from '../../../lab/kit/http/client.js';
import { ERRORS } from '../../../src/errors/error-table.js';
import { ALICE, BOB, startServer, type TestServer } from '../../support/server.js';

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
});

afterAll(() => server.close());

/** Sends header lines exactly as given, including repeated ones. */
function statusWith(headers: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.url);
    const lines = ['Host', `${hostname}:${port}`, ...headers];
    request({ hostname, port, path: '/locks', headers: lines }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

describe('a bearer token', () => {
  test.each([
    ['as usual', `Bearer ${ALICE}`, 200],
    ['with the scheme in lower case', `bearer ${ALICE}`, 200],
    ['with several blanks', `Bearer   ${ALICE}`, 200],
    ['without a scheme', ALICE, 401],
    ['with another scheme', `Token ${ALICE}`, 401],
    ['followed by other text', `Bearer ${ALICE} x`, 401],
    ['followed by a comma', `Bearer ${ALICE},`, 401],
    ['in quotes', `Bearer "${ALICE}"`, 401],
    ['in other case', `Bearer ${ALICE.toUpperCase()}`, 401],
    ['that is too long', `Bearer ${'x'.repeat(4000)}`, 401],
    [
      'that is the hash of a token',
      'Bearer 6f3c1fe5d9a4ad3ff9e0fd8d1ba2e0a3a9b61c1f3f1a2d8c2b6d7e0f1a2b3c4d',
      401,
    ],
  ])('%s', async (_, authorization, status) => {
    expect(await statusWith(['Authorization', authorization])).toBe(status);
  });

  test('in one of two headers is refused, whichever it is', async () => {
    const good = `Bearer ${ALICE}`;
    for (const [first, second] of [
      [good, good],
      [good, 'Bearer unknown'],
      ['Bearer unknown', good],
      [good, `Bearer ${BOB}`],
    ]) {
      expect(await statusWith(['Authorization', first ?? '', 'authorization', second ?? ''])).toBe(401);
    }
  });

  test('identifies its user', async () => {
    await new Client(server.url, ALICE).post('/locks/whose/acquire', { ttl_seconds: 60 });
    expect((await new Client(server.url, ALICE).get('/locks/whose')).body).toMatchObject({ holder: 'alice' });
    expect((await new Client(server.url, BOB).get('/locks?owner=me')).body).toMatchObject({ locks: [] });
  });

  test('that is missing gets an error in the usual shape', async () => {
    const reply = await new Client(server.url, null).get('/locks');
    expect(reply.status).toBe(401);
    expect(reply.body).toEqual({
      error: ERRORS.unauthorized.message,
      code: 'unauthorized',
      request_id: reply.headers.get('x-request-id'),
    });
    expect(reply.headers.get('www-authenticate')).toMatch(/^Bearer\b/);
  });
});
