import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client } from '../../../lab/kit/http/client.js';
import { ALICE, BOB, startServer, type TestServer } from '../../support/server.js';

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
});

afterAll(() => server.close());

describe('POST /auth/token/rotate', () => {
  test('answers with a new token that replaces the old one', async () => {
    const alice = new Client(server.url, ALICE);
    const reply = await alice.post('/auth/token/rotate');
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual({
      token: expect.stringMatching(/^octo_[0-9A-Za-z]{38}$/) as string,
      user_id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      github_username: 'alice',
    });
    expect(reply.headers.get('cache-control')).toBe('no-store');
    const refused = await alice.post('/auth/token/rotate');
    expect(refused.status).toBe(401);
    expect(refused.body).toMatchObject({ code: 'unauthorized' });
    expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer\b/);
    expect((await alice.as(String(reply.body['token'])).get('/locks')).status).toBe(200);
  });

  test('keeps the account’s locks', async () => {
    const bob = new Client(server.url, BOB);
    const acquired = await bob.post('/locks/kept/acquire', { ttl_seconds: 60 });
    expect(acquired.status).toBe(200);
    const { body } = await bob.post('/auth/token/rotate');
    const lock = await bob.as(String(body['token'])).get('/locks/kept');
    expect(lock.body).toMatchObject({ status: 'held', lease_id: acquired.body['lease_id'] });
  });

  test.each([
    ['no token', {}],
    ['an unknown token', { authorization: 'Bearer unknown' }],
    ['a typo', { authorization: 'Bearer octo_0000000000000000000000000000000x1Uxa8C' }],
    ['another scheme', { authorization: `Basic ${ALICE}` }],
    ['a token in another header', { 'x-access-token': BOB }],
  ])('is unauthorized with %s', async (_, headers) => {
    const reply = await new Client(server.url, null).call('POST', '/auth/token/rotate', { headers });
    expect(reply.status).toBe(401);
    expect(reply.body).toMatchObject({ code: 'unauthorized' });
  });

  test('does not accept a token in the address', async () => {
    const reply = await new Client(server.url, null).call('POST', `/auth/token/rotate?access_token=${BOB}`);
    expect(reply.status).toBe(401);
  });
});
