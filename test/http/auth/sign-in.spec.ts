import { describe, expect, test } from 'vitest';
import { startServer } from '../../support/server.js';
import { Browser, REDIRECT_URI } from '../../../lab/kit/doubles/browser.js';
import { SignInFixture } from './sign-in-fixture.js';

const fixture = SignInFixture.forTests();

describe('GET /auth/github', () => {
  test('sends the browser to GitHub, and asks only for the user’s identity', async () => {
    const location = await new Browser(fixture).begin();
    expect(location.origin + location.pathname).toBe(`${fixture.gitHub.url}/login/oauth/authorize`);
    const query = Object.fromEntries(location.searchParams);
    expect(query).toEqual({
      response_type: 'code',
      client_id: fixture.gitHub.clientId,
      redirect_uri: REDIRECT_URI,
      state: expect.stringMatching(/^[\w-]{43}$/) as string,
      code_challenge: expect.stringMatching(/^[\w-]{43}$/) as string,
      code_challenge_method: 'S256',
    });
  });

  test('ties the sign-in to the browser by a cookie that reveals nothing', async () => {
    const reply = await new Browser(fixture).open('/auth/github');
    const [cookie, ...others] = reply.headers.getSetCookie();
    expect(others).toEqual([]);
    expect(cookie).toMatch(
      /^octostore_sign_in=[\w-]{100,400}; Max-Age=600; Path=\/auth\/github\/callback; HttpOnly; SameSite=Lax$/,
    );
    expect(reply.headers.get('cache-control')).toBe('no-store');
    const state = new URL(reply.headers.get('location') ?? '').searchParams.get('state') ?? '';
    expect(cookie).not.toContain(state);
  });

  test('never uses a state or a challenge twice', async () => {
    const locations = await Promise.all(Array.from({ length: 20 }, () => new Browser(fixture).begin()));
    for (const parameter of ['state', 'code_challenge']) {
      expect(new Set(locations.map(({ searchParams }) => searchParams.get(parameter))).size).toBe(20);
    }
  });

  test('accepts no parameters from a link', async () => {
    const query = 'code=x&state=y&error=access_denied&scope=repo&redirect_uri=https://evil.example&login=eve';
    const reply = await new Browser(fixture).open(`/auth/github?${query}`);
    expect(reply.status).toBe(302);
    const { searchParams } = new URL(reply.headers.get('location') ?? '');
    expect(searchParams.get('redirect_uri')).toBe(REDIRECT_URI);
    expect(searchParams.get('state')).not.toBe('y');
    expect([...searchParams.keys()]).not.toContain('scope');
  });
});

describe('GET /auth/github/callback', () => {
  test('answers with a working token, once', async () => {
    const browser = new Browser(fixture);
    const reply = await browser.signIn();
    expect(reply.status).toBe(200);
    expect(reply.headers.get('cache-control')).toBe('no-store');
    expect(reply.body).toEqual({
      token: expect.stringMatching(/^octo_[0-9A-Za-z]{38}$/) as string,
      user: { login: 'octocat', avatar_url: 'https://avatars.example/u/583231' },
      user_id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      github_username: 'octocat',
    });
    const locks = await fetch(`${fixture.server.url}/locks`, {
      headers: { authorization: `Bearer ${String(reply.body['token'])}` },
    });
    expect(locks.status).toBe(200);
  });

  test('clears the cookie in the browser', async () => {
    const browser = new Browser(fixture);
    const reply = await browser.signIn();
    expect(reply.headers.getSetCookie()).toEqual([
      'octostore_sign_in=; Max-Age=0; Path=/auth/github/callback; HttpOnly; SameSite=Lax',
    ]);
    expect(browser.cookies.size).toBe(0);
  });

  test('redeems the code with the secret, the PKCE verifier and the redirect address it was issued for', async () => {
    const browser = new Browser(fixture);
    const authorizeUrl = await browser.begin();
    await browser.finish(await browser.agree(authorizeUrl));
    const redemption = fixture.gitHub.requests.find(({ path }) => path === '/login/oauth/access_token');
    expect(Object.fromEntries(redemption?.form ?? [])).toEqual({
      grant_type: 'authorization_code',
      client_id: fixture.gitHub.clientId,
      client_secret: fixture.gitHub.clientSecret,
      redirect_uri: REDIRECT_URI,
      code: expect.stringMatching(/^[0-9a-f]{20}$/) as string,
      code_verifier: expect.stringMatching(/^[\w-]{43}$/) as string,
    });
    expect(fixture.gitHub.requests.map(({ path }) => path)).toEqual([
      '/login/oauth/authorize',
      '/login/oauth/access_token',
      '/api/v3/user',
    ]);
  });

  test('finds the same account again, even after it was renamed on GitHub', async () => {
    const first = await new Browser(fixture).signIn();
    const { user } = fixture.gitHub;
    fixture.gitHub.user = { ...user, login: 'octocat-renamed', avatar_url: null };
    const second = await new Browser(fixture).signIn();
    fixture.gitHub.user = user;
    expect(second.body).toMatchObject({
      user_id: first.body['user_id'],
      user: { login: 'octocat-renamed', avatar_url: null },
    });
    expect(second.body['token']).not.toBe(first.body['token']);
  });

  test('identifies accounts by their GitHub id, not by their name', async () => {
    const first = await new Browser(fixture).signIn();
    const { user } = fixture.gitHub;
    fixture.gitHub.user = { ...user, id: 999_999 };
    const second = await new Browser(fixture).signIn();
    fixture.gitHub.user = user;
    expect(second.body['user_id']).not.toBe(first.body['user_id']);
  });

  test('shows no picture if its address is not a URL', async () => {
    const { user } = fixture.gitHub;
    fixture.gitHub.user = { ...user, avatar_url: 'javascript:alert(1)' };
    const reply = await new Browser(fixture).signIn();
    fixture.gitHub.user = user;
    expect(reply.body).toMatchObject({ user: { login: 'octocat', avatar_url: null } });
  });

  test('works for many browsers at the same time', async () => {
    const replies = await Promise.all(Array.from({ length: 30 }, () => new Browser(fixture).signIn()));
    expect(replies.map(({ status }) => status)).toEqual(Array.from({ length: 30 }, () => 200));
    expect(new Set(replies.map(({ body }) => body['token'])).size).toBe(30);
    expect(new Set(replies.map(({ body }) => body['user_id'])).size).toBe(1);
  });
});

describe('the cookie', () => {
  test('is limited to TLS and this very host only if the public address uses TLS', async () => {
    const server = await startServer({
      ...fixture.gitHub.environment,
      GITHUB_REDIRECT_URI: 'https://octostore.example/behind/a/proxy/auth/github/callback',
    });
    const response = await fetch(`${server.url}/auth/github`, { redirect: 'manual' });
    expect(response.headers.getSetCookie()[0]).toMatch(
      /^__Host-octostore_sign_in=[^;]+; Max-Age=600; Path=\/; Secure; HttpOnly; SameSite=Lax$/,
    );
    await server.close();
  });
});

describe('without GitHub configured', () => {
  test.each(['/auth/github', '/auth/github/callback', '/auth/github/callback?code=a&state=b'])(
    '%s',
    async (path) => {
      const server = await startServer();
      const response = await fetch(`${server.url}${path}`, { redirect: 'manual' });
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ code: 'sign_in_not_configured' });
      expect(response.headers.getSetCookie()).toEqual([]);
      await server.close();
    },
  );
});

describe('two servers in one process', () => {
  test('each have their own GitHub', async () => {
    const other = await startServer({ GITHUB_CLIENT_ID: 'other', GITHUB_CLIENT_SECRET: 'other' });
    const elsewhere = await fetch(`${other.url}/auth/github`, { redirect: 'manual' });
    expect(elsewhere.headers.get('location')).toMatch(/^https:\/\/github\.com\/.*client_id=other/);
    expect((await new Browser(fixture).begin()).searchParams.get('client_id')).toBe(fixture.gitHub.clientId);
    await other.close();
    expect((await new Browser(fixture).signIn()).status).toBe(200);
  });
});
