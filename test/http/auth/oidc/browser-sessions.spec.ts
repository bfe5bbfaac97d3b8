import { expect, test } from 'vitest';
import { PageBrowser } from '../../../../lab/kit/doubles/page-browser.js';
import { agree } from '../browser/browser-suite.js';
import { OidcFixture } from './oidc-fixture.js';

const ORIGIN = 'https://locks.example.com';
const fixture = OidcFixture.forTests({ OIDC_REDIRECT_URI: `${ORIGIN}/auth/oidc/callback` });

test('a sign-in with OpenID Connect that began with return_to ends in a browser session', async () => {
  const browser = new PageBrowser(fixture, ORIGIN);
  const callback = await agree(browser, '/auth/oidc?return_to=%2Fconsole%2Flocks');
  const reply = await browser.get(callback, { from: 'navigation from other site' });
  expect(reply.status).toBe(302);
  expect(reply.headers.location).toBe('/console/locks');
  expect([...browser.jar.cookies.keys()]).toEqual(['__Host-octostore']);
  expect(String((await browser.get('/auth/session')).body['user'])).toMatch(/^oidc:/);
  expect((await browser.post('/locks/a/acquire', { ttl_seconds: 60 })).status).toBe(200);
});

test('one that was finished without return_to ends in a token, also after one with it was begun', async () => {
  const browser = new PageBrowser(fixture, ORIGIN);
  await browser.get('/auth/oidc?return_to=%2Fconsole');
  const callback = await agree(browser, '/auth/oidc');
  const reply = await browser.get(callback, { from: 'navigation from other site' });
  expect(reply.status).toBe(200);
  expect(reply.body['token']).toMatch(/^octo_/);
  expect([...browser.jar.cookies.keys()]).toEqual([]);
});

test('the callback of another browser opens no session', async () => {
  const callback = await agree(new PageBrowser(fixture, ORIGIN), '/auth/oidc?return_to=%2Fconsole');
  const other = new PageBrowser(fixture, ORIGIN);
  expect((await other.get(callback)).status).toBe(401);
  expect([...other.jar.cookies.keys()]).toEqual([]);
});
