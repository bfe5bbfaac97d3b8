import { describe, expect, test } from 'vitest';
import { hashSessionSecret } from '../../../../src/auth/browser/session-secret.js';
import { PageBrowser } from '../../../../lab/kit/doubles/page-browser.js';
import { ALICE, BOB, ADMIN_KEY, startServer } from '../../../support/server.js';
import { newName, useServer } from '../../suite.js';
import { signedIn } from './browser-suite.js';

const suite = useServer();

function cookie(value: string): { headers: { cookie: string } } {
  return { headers: { cookie: `__Host-octostore=${value}` } };
}

describe('a browser session', () => {
  test('does what its user may, by cookie', async () => {
    const browser = await signedIn(suite, ALICE);
    expect((await browser.get('/me')).body).toMatchObject({ user: 'static:alice' });
    const name = newName();
    const acquired = await browser.post(`/locks/${name}/acquire`, { ttl_seconds: 60 });
    expect(acquired.body).toMatchObject({ status: 'acquired' });
    expect((await suite.bob.get(`/locks/${name}`)).body).toMatchObject({ status: 'held' });
  });

  test('has a secret that is no bearer token', async () => {
    const { secret } = await signedIn(suite, ALICE);
    expect((await suite.alice.as(secret).get('/me')).status).toBe(401);
    expect((await suite.alice.as(hashSessionSecret(secret)).get('/me')).status).toBe(401);
  });

  test('is never shown in an answer', async () => {
    const browser = new PageBrowser(suite);
    const opened = await browser.paste(ALICE);
    const answers = [opened, await browser.get('/auth/session'), await browser.get('/me/sessions')];
    for (const { body } of answers) expect(JSON.stringify(body)).not.toContain(browser.secret);
  });

  test.each([
    ['a bearer token', ALICE],
    ['the admin key', ADMIN_KEY],
    ['an unknown secret', 'A'.repeat(43)],
    ['nothing', ''],
    ['something long', 'A'.repeat(8000)],
    ['another form', `"${'A'.repeat(43)}"`],
  ])('cannot be %s', async (_, value) => {
    expect((await new PageBrowser(suite).get('/me', cookie(value))).body).toMatchObject({
      code: 'unauthorized',
    });
  });

  test('cannot be the hash that the database has', async () => {
    const { secret } = await signedIn(suite, ALICE);
    expect((await new PageBrowser(suite).get('/me', cookie(hashSessionSecret(secret)))).status).toBe(401);
  });

  test('is refused if there are two, since a sibling domain may have set one', async () => {
    const [mine, other] = [await signedIn(suite, ALICE), await signedIn(suite, BOB)];
    const both = cookie(`${mine.secret}; __Host-octostore=${other.secret}`);
    expect((await mine.get('/me', both)).status).toBe(401);
    const same = cookie(`${mine.secret}; __Host-octostore=${mine.secret}`);
    expect((await mine.get('/me', same)).status).toBe(401);
  });

  test('is not read from a cookie without the prefix, which a sibling domain can set', async () => {
    const { secret } = await signedIn(suite, ALICE);
    const planted = { headers: { cookie: `octostore=${secret}` } };
    expect((await new PageBrowser(suite).get('/me', planted)).status).toBe(401);
    const other = await signedIn(suite, BOB);
    const beside = { headers: { cookie: `octostore=${secret}; __Host-octostore=${other.secret}` } };
    expect((await other.get('/me', beside)).body).toMatchObject({ user: 'static:bob' });
  });

  test('is ignored beside a bearer token, whether or not that one is valid', async () => {
    const browser = await signedIn(suite, ALICE);
    const bearer = (token: string) => ({
      headers: { authorization: `Bearer ${token}`, 'octostore-csrf': null },
    });
    expect((await browser.get('/me', bearer(BOB))).body).toMatchObject({ user: 'static:bob' });
    expect((await browser.post('/sessions', {}, bearer(BOB))).status).toBe(201);
    expect((await browser.get('/me', bearer('an-unknown-token'))).status).toBe(401);
    expect((await browser.get('/me', { headers: { authorization: 'Basic YTpi' } })).status).toBe(401);
  });

  test('is ignored beside the admin key', async () => {
    const browser = await signedIn(suite, ALICE);
    const key = (text: string) => ({ headers: { 'x-admin-key': text } });
    expect((await browser.get('/admin/status', key(ADMIN_KEY))).status).toBe(200);
    expect((await browser.get('/admin/status', key(`${ADMIN_KEY}x`))).status).toBe(401);
  });

  test('allows no other origin to read answers', async () => {
    const browser = await signedIn(suite, ALICE);
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
    for (const method of ['OPTIONS', 'GET', 'POST']) {
      const reply = await browser.call(method, '/auth/session', { headers });
      const names = Object.keys(reply.headers).filter((name) => name.startsWith('access-control'));
      expect(names, method).toEqual([]);
    }
  });
});

describe('over plain HTTP', () => {
  test.each(['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000', 'http://app.localhost'])(
    'at %s, the cookie has no prefix, so that the server can be tried',
    async (origin) => {
      const browser = await signedIn(suite, ALICE, origin);
      expect([...browser.jar.cookies.keys()]).toEqual(['octostore']);
      expect((await browser.post('/sessions', {})).status).toBe(201);
    },
  );

  test.each([
    'http://locks.example.com',
    'http://10.0.0.1',
    'http://localhost.example.com',
    'http://127.0.0.1.example',
  ])('at %s, a browser gets no session that works', async (origin) => {
    const browser = new PageBrowser(suite, origin);
    const headers = { authorization: `Bearer ${ALICE}` };
    const refused = await browser.post('/auth/session', undefined, { headers });
    expect(refused.body).toMatchObject({ code: 'csrf_failed' });
  });

  test('through a proxy, what looks like the loopback interface does not count', async () => {
    const { secret } = await signedIn(suite, ALICE, 'http://localhost:3000');
    const browser = new PageBrowser(suite, 'http://localhost:3000');
    const headers = { cookie: `octostore=${secret}`, 'x-forwarded-for': '192.0.2.1' };
    expect((await browser.get('/me', { headers })).status).toBe(401);
  });
});

test('invalid cookies are limited like invalid tokens', async () => {
  const server = await startServer({ AUTH_FAILURES_PER_MINUTE: '3' });
  try {
    const browser = new PageBrowser({ server });
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 5; attempt += 1)
      statuses.push((await browser.get('/me', cookie('A'.repeat(43)))).status);
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
    expect((await browser.get('/me')).status).toBe(401);
    expect((await (await signedIn({ server }, ALICE)).get('/me')).status).toBe(200);
  } finally {
    await server.close();
  }
});
