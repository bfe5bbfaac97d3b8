import { describe, expect, test } from 'vitest';
import type { PageBrowser, PageRequest } from '../../../../lab/kit/doubles/page-browser.js';
import { Journal } from '../../../../src/journal/journal.js';
import { linesOf } from '../../../audit/audit-fixture.js';
import { ALICE, BOB } from '../../../support/server.js';
import { newName, useServer } from '../../suite.js';
import { signedIn } from './browser-suite.js';

const suite = useServer();

function headers(values: Record<string, string | null>): PageRequest {
  return { headers: values };
}

/** Tries to acquire a lock. Returns the code of the refusal, or null, and whether the lock is held. */
async function attempt(browser: PageBrowser, options: PageRequest) {
  const name = newName();
  const { body } = await browser.post(`/locks/${name}/acquire`, { ttl_seconds: 60 }, options);
  const { status } = (await suite.bob.get(`/locks/${name}`)).body;
  return { code: body['code'] ?? null, status };
}

const REFUSED = { code: 'csrf_failed', status: 'available' };
const DONE = { code: null, status: 'held' };

describe('a change by cookie', () => {
  test.each<[string, PageRequest]>([
    ['without a CSRF token', headers({ 'octostore-csrf': null })],
    ['with an empty CSRF token', headers({ 'octostore-csrf': '' })],
    ['with another CSRF token', headers({ 'octostore-csrf': 'A'.repeat(43) })],
    ['from another website', { from: 'other site' }],
    ['by a form of another website', { from: 'navigation from other site' }],
    ['from a sibling domain', headers({ 'sec-fetch-site': 'same-site' })],
    ['from the address bar', headers({ 'sec-fetch-site': 'none' })],
    ['from another origin', headers({ origin: 'https://evil.example' })],
    ['from a sibling origin', headers({ origin: 'https://evil.example.com' })],
    ['from another port', headers({ origin: 'https://locks.example.com:8443' })],
    ['from a page without encryption', headers({ origin: 'http://locks.example.com' })],
    ['from a page without an origin', headers({ origin: 'null' })],
    ['from an origin with more text', headers({ origin: 'https://locks.example.com.evil.example' })],
    ['from an origin with other letters', headers({ origin: 'https://locks.example.com@evil.example' })],
  ])('%s changes nothing', async (_, options) => {
    const browser = await signedIn(suite, ALICE);
    // As if SameSite did not exist.
    const cookie = `__Host-octostore=${browser.secret}`;
    const csrf = { 'octostore-csrf': browser.csrfToken };
    const sent = { ...csrf, ...options.headers, cookie };
    expect(await attempt(browser, { ...options, headers: sent })).toEqual(REFUSED);
  });

  test('with the CSRF token of another session changes nothing', async () => {
    const [mine, other] = [await signedIn(suite, ALICE), await signedIn(suite, BOB)];
    expect(await attempt(mine, headers({ 'octostore-csrf': other.csrfToken }))).toEqual(REFUSED);
  });

  test('that another website may have made is in the audit', async () => {
    const browser = await signedIn(suite, BOB);
    await attempt(browser, headers({ origin: 'https://evil.example' }));
    const lines = await linesOf(suite.server.app.get(Journal));
    expect(lines.map((line) => JSON.parse(line) as unknown)).toContainEqual(
      expect.objectContaining({
        action: 'forgery',
        actor: { kind: 'user', user_id: expect.any(String), name: 'static:bob' },
        token_id: expect.any(String),
        code: 'csrf_failed',
        details: { method: 'POST', route: '/locks/{name}/acquire' },
      }),
    );
    expect(lines.join('\n')).not.toContain(browser.secret);
  });

  test.each<[string, PageRequest]>([
    ['from its own page', {}],
    [
      'from a browser that says nothing about where it comes from',
      headers({ origin: null, 'sec-fetch-site': null }),
    ],
    ['through a proxy that adds the default port', headers({ host: 'locks.example.com:443' })],
  ])('%s is made', async (_, options) => {
    expect(await attempt(await signedIn(suite, ALICE), options)).toEqual(DONE);
  });

  test('of another website does not even have the cookie', async () => {
    const browser = await signedIn(suite, ALICE);
    expect((await browser.post('/sessions', {}, { from: 'other site' })).body).toMatchObject({
      code: 'unauthorized',
    });
    expect((await browser.get('/me', { from: 'navigation from other site' })).status).toBe(401);
  });
});

test('a session is not opened for a page of another website', async () => {
  const browser = await signedIn(suite, ALICE);
  const authorization = `Bearer ${ALICE}`;
  const reply = await browser.post('/auth/session', undefined, {
    headers: { authorization },
    from: 'other site',
  });
  expect(reply.body).toMatchObject({ code: 'csrf_failed' });
  expect(reply.headers['set-cookie']).toBeUndefined();
});
