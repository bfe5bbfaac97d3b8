import { describe, expect, test } from 'vitest';
import { PageBrowser, type PageReply } from '../../../../lab/kit/doubles/page-browser.js';
import { SignInFixture } from '../sign-in-fixture.js';
import { agree } from './browser-suite.js';

const ORIGIN = 'https://locks.example.com';
const fixture = SignInFixture.forTests({ GITHUB_REDIRECT_URI: `${ORIGIN}/auth/github/callback` });

async function signIn(browser: PageBrowser, start: string): Promise<PageReply> {
  return browser.get(await agree(browser, start), { from: 'navigation from other site' });
}

function returningTo(address: string): string {
  return `/auth/github?return_to=${encodeURIComponent(address)}`;
}

describe('a sign-in that began with return_to', () => {
  test('ends in a browser session, and where the user was', async () => {
    const browser = new PageBrowser(fixture, ORIGIN);
    const reply = await signIn(browser, returningTo('/console/locks?prefix=billing%2F#held'));
    expect(reply.status).toBe(302);
    expect(reply.headers.location).toBe('/console/locks?prefix=billing%2F#held');
    expect(reply.body['text']).toBe('');
    expect([...browser.jar.cookies.keys()]).toEqual(['__Host-octostore']);
    expect((await browser.get('/auth/session')).body).toMatchObject({
      login: 'octocat',
      user: 'github:octocat',
      is_administrator: false,
      user_agent: 'PageBrowser/1.0',
      address: '127.0.0.1',
      token_id: null,
    });
  });

  test('gets a new session each time', async () => {
    const browser = new PageBrowser(fixture, ORIGIN);
    await signIn(browser, returningTo('/console'));
    const before = browser.secret;
    await signIn(browser, returningTo('/console'));
    expect(browser.secret).not.toBe(before);
  });

  test('ignores a session that someone has planted', async () => {
    const browser = new PageBrowser(fixture, ORIGIN);
    const planted = 'A'.repeat(43);
    browser.jar.receive(`__Host-octostore=${planted}; Path=/; HttpOnly; SameSite=Lax; Secure`);
    await signIn(browser, returningTo('/console'));
    expect(browser.secret).not.toBe(planted);
  });

  test.each([
    ['//evil.example'],
    ['/\\evil.example'],
    ['\\\\evil.example'],
    ['/\t/evil.example'],
    ['/\n/evil.example'],
    ['/\r\nSet-Cookie: a=b'],
    ['/.//evil.example'],
    ['/x/..//evil.example'],
    ['///evil.example'],
    ['https://evil.example/'],
    ['https:evil.example'],
    ['https:/evil.example'],
    ['http://locks.example.com@evil.example/'],
    ['//user@evil.example/'],
    ['javascript:alert(1)'],
    ['data:text/html,x'],
    ['console'],
    [''],
    [' /console'],
    ['/console '],
    ['/ä'],
    ['/auth/github'],
    ['/auth/github?return_to=/'],
    [`/${'x'.repeat(5000)}`],
  ])('returns to / instead of %j', async (address) => {
    const browser = new PageBrowser(fixture, ORIGIN);
    const reply = await signIn(browser, returningTo(address));
    expect([reply.status, reply.headers.location]).toEqual([302, '/']);
  });

  test.each([
    ['/%2f%2fevil.example', '/%2f%2fevil.example'],
    ['/%5cevil.example', '/%5cevil.example'],
    ['/console?next=//evil.example', '/console?next=//evil.example'],
  ])('returns to %s, which is a path of this server', async (address, expected) => {
    const reply = await signIn(new PageBrowser(fixture, ORIGIN), returningTo(address));
    expect(reply.headers.location).toBe(expected);
  });

  test('returns to / if there are two addresses', async () => {
    const start = '/auth/github?return_to=/a&return_to=/b';
    expect((await signIn(new PageBrowser(fixture, ORIGIN), start)).headers.location).toBe('/');
  });

  test('returns to / if the cookie with the address was changed', async () => {
    const browser = new PageBrowser(fixture, ORIGIN);
    const callback = await agree(browser, returningTo('/console'));
    const evil = Buffer.from('//evil.example').toString('base64url');
    browser.jar.receive(`__Host-octostore_return_to=${evil}; Path=/; HttpOnly; SameSite=Lax; Secure`);
    const reply = await browser.get(callback, { from: 'navigation from other site' });
    expect(reply.headers.location).toBe('/');
  });

  test('works only in the browser that began it', async () => {
    const callback = await agree(new PageBrowser(fixture, ORIGIN), returningTo('/console'));
    const victim = new PageBrowser(fixture, ORIGIN);
    const reply = await victim.get(callback, { from: 'navigation from other site' });
    expect(reply.body).toMatchObject({ code: 'sign_in_failed' });
    expect([...victim.jar.cookies.keys()]).toEqual([]);
  });

  test('does not accept the state of a sibling domain, which can set cookies without the prefix only', async () => {
    const attacker = new PageBrowser(fixture, ORIGIN);
    const callback = await agree(attacker, returningTo('/console'));
    const state = attacker.jar.cookies.get('__Host-octostore_sign_in')?.value ?? '';
    expect(state).not.toBe('');
    const reply = await new PageBrowser(fixture, ORIGIN).get(callback, {
      headers: { cookie: `octostore_sign_in=${state}` },
    });
    expect(reply.body).toMatchObject({ code: 'sign_in_failed' });
  });
});

describe('a sign-in without return_to', () => {
  test('ends in a bearer token, as ever', async () => {
    const browser = new PageBrowser(fixture, ORIGIN);
    const reply = await signIn(browser, '/auth/github');
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({ token: expect.stringMatching(/^octo_/), github_username: 'octocat' });
    expect([...browser.jar.cookies.keys()]).toEqual([]);
  });

  test('ends in a bearer token also if an earlier one with return_to was left', async () => {
    const browser = new PageBrowser(fixture, ORIGIN);
    await browser.get(returningTo('/console'));
    expect((await signIn(browser, '/auth/github')).body).toMatchObject({ token: expect.any(String) });
  });
});
