import { describe, expect, test } from 'vitest';
import { SecretBox } from '../../../src/secrets/secret-box.js';
import { LockStore } from '../../../src/store/lock-store.js';
import { startServer } from '../../support/server.js';
import { Browser, REDIRECT_URI } from '../../../lab/kit/doubles/browser.js';
import { refused, SignInFixture } from './sign-in-fixture.js';

const fixture = SignInFixture.forTests({ SECRET_KEY: 'the-secret-key-of-this-test' });

const COOKIE = 'octostore_sign_in';

/** A sign-in that is about to finish, and each part of it that an attacker can change. */
interface Pending {
  readonly browser: Browser;
  readonly code: string;
  readonly state: string;
}

async function pending(): Promise<Pending> {
  const browser = new Browser(fixture);
  const query = await browser.beginAndAgree();
  return { browser, code: query.get('code') ?? '', state: query.get('state') ?? '' };
}

function cookieOf({ browser }: Pending): string {
  return browser.cookies.get(COOKIE)?.value ?? '';
}

function withCookie(attempt: Pending, value: string): Pending {
  attempt.browser.cookies.set(COOKIE, { value, path: '/auth/github/callback' });
  return attempt;
}

/** The query of each hostile flow, made from a valid sign-in. */
const QUERIES: Record<string, (attempt: Pending) => string> = {
  'nothing at all': () => '',
  'no state': ({ code }) => `code=${code}`,
  'an empty state': ({ code }) => `code=${code}&state=`,
  'no code': ({ state }) => `state=${state}`,
  'an empty code': ({ state }) => `code=&state=${state}`,
  'a guessed state': ({ code }) => `code=${code}&state=${'A'.repeat(43)}`,
  'a state cut short': ({ code, state }) => `code=${code}&state=${state.slice(0, -1)}`,
  'a state with an extra character': ({ code, state }) => `code=${code}&state=${state}0`,
  'a state in other case': ({ code, state }) => `code=${code}&state=${swapCase(state)}`,
  'two states': ({ code, state }) => `code=${code}&state=${state}&state=${state}`,
  'two codes': ({ code, state }) => `code=${code}&code=${code}&state=${state}`,
  'a list of one code': ({ code, state }) => `code[]=${code}&state=${state}`,
  'a code that is an object': ({ code, state }) => `code[a]=${code}&state=${state}`,
  'a state that is an object': ({ code, state }) => `code=${code}&state[toString]=${state}`,
  'the code under __proto__': ({ code, state }) => `__proto__[code]=${code}&state=${state}`,
  'a code that GitHub never issued': ({ state }) => `code=0123456789abcdef0123&state=${state}`,
  'a code of 513 characters': ({ state }) => `code=${'a'.repeat(513)}&state=${state}`,
  'a code with a line break': ({ code, state }) => `code=${code}%0d%0aX:1&state=${state}`,
  'a refusal by the user': ({ state }) => `error=access_denied&error_description=No&state=${state}`,
  'a refusal beside a good code': ({ code, state }) => `error=access_denied&code=${code}&state=${state}`,
  'another error beside a good code': ({ code, state }) => `error=server_error&code=${code}&state=${state}`,
  'two errors beside a good code': ({ code, state }) => `error=a&error=b&code=${code}&state=${state}`,
  'an empty error beside a good code': ({ code, state }) => `error=&code=${code}&state=${state}`,
  'an error with markup': () => 'error=<script>&error_description=<script>&error_uri=//evil.example',
};

describe('a sign-in fails with', () => {
  test.each(Object.keys(QUERIES))('%s', async (name) => {
    const attempt = await pending();
    const query = QUERIES[name]?.(attempt) ?? '';
    expect(await fixture.outcomeOf(attempt.browser.finish(query))).toEqual(refused(401, 'sign_in_failed'));
    // Whatever the outcome, the browser has to start again.
    expect(attempt.browser.cookies.size).toBe(0);
  });
});

test('a malformed code is not sent to GitHub', async () => {
  const { browser, state } = await pending();
  await browser.finish(`code=${'a'.repeat(513)}&state=${state}`);
  expect(fixture.gitHub.requests.map(({ path }) => path)).toEqual(['/login/oauth/authorize']);
});

test('nothing of a hostile query appears in the answer', async () => {
  const query =
    'error=<script>&error_description=<script>&error_uri=//evil.example&code=<script>&state=<script>';
  const reply = await new Browser(fixture).finish(query);
  expect(JSON.stringify([reply.body, [...reply.headers]])).not.toMatch(/script|evil/);
});

/** What each hostile flow does to the cookie. */
const COOKIES: Record<string, (attempt: Pending) => Promise<Pending> | Pending> = {
  'no cookie': (attempt) => {
    attempt.browser.cookies.clear();
    return attempt;
  },
  'an empty cookie': (attempt) => withCookie(attempt, ''),
  'a cookie that is not sealed': (attempt) => withCookie(attempt, 'x'),
  'a long meaningless cookie': (attempt) => withCookie(attempt, 'A'.repeat(4000)),
  'a cookie with one bit changed': (attempt) => {
    const bytes = Buffer.from(cookieOf(attempt), 'base64url');
    bytes.writeUInt8(bytes.readUInt8(40) ^ 1, 40);
    return withCookie(attempt, bytes.toString('base64url'));
  },
  'a cookie cut short': (attempt) => withCookie(attempt, cookieOf(attempt).slice(0, -4)),
  'the cookie of another browser': async (attempt) => withCookie(attempt, cookieOf(await pending())),
  'the cookie of an earlier sign-in in the same browser': async (attempt) => {
    const earlier = cookieOf(attempt);
    const query = await attempt.browser.beginAndAgree();
    return withCookie(
      { ...attempt, code: query.get('code') ?? '', state: query.get('state') ?? '' },
      earlier,
    );
  },
  'two cookies': (attempt) => withCookie(attempt, `${cookieOf(attempt)}; ${COOKIE}=${cookieOf(attempt)}`),
  'a cookie sealed for another purpose': (attempt) =>
    withCookie(attempt, seal('webhook-secret', attempt, 60_000)),
  'a cookie sealed with another key': (attempt) => {
    const box = new SecretBox('the-secret-key-of-someone-else');
    return withCookie(attempt, box.seal('oauth-state', contentOf(attempt, 60_000)));
  },
  'a cookie that has expired': (attempt) => withCookie(attempt, seal('oauth-state', attempt, -1)),
  'a cookie of an unknown version': (attempt) =>
    withCookie(attempt, fixture.server.app.get(SecretBox).seal('oauth-state', '{"version":2}')),
};

function contentOf({ state }: Pending, expiresInMs: number): string {
  const expiresAt = fixture.server.app.get(LockStore).now() + expiresInMs;
  return JSON.stringify({ state, verifier: 'v'.repeat(43), expiresAt });
}

function seal(purpose: string, attempt: Pending, expiresInMs: number): string {
  return fixture.server.app.get(SecretBox).seal(purpose, contentOf(attempt, expiresInMs));
}

describe('a sign-in fails, without a request to GitHub, with', () => {
  test.each(Object.keys(COOKIES))('%s', async (name) => {
    const tampered = await COOKIES[name]?.(await pending());
    if (tampered === undefined) throw new Error('no such flow');
    const { browser, code, state } = tampered;
    expect(await fixture.outcomeOf(browser.finish(`code=${code}&state=${state}`))).toEqual(
      refused(401, 'sign_in_failed'),
    );
    expect(fixture.gitHub.requests.filter(({ path }) => path.endsWith('access_token'))).toEqual([]);
  });
});

describe('replaying', () => {
  test('a whole callback, including its cookie, fails', async () => {
    const attempt = await pending();
    const cookie = cookieOf(attempt);
    const query = `code=${attempt.code}&state=${attempt.state}`;
    expect((await attempt.browser.finish(query)).status).toBe(200);
    withCookie(attempt, cookie);
    expect(await fixture.outcomeOf(attempt.browser.finish(query))).toEqual(refused(401, 'sign_in_failed'));
  });

  test('a used state and cookie with a fresh code fails', async () => {
    const attempt = await pending();
    const cookie = cookieOf(attempt);
    expect((await attempt.browser.finish(`code=${attempt.code}&state=${attempt.state}`)).status).toBe(200);
    const fresh = fixture.gitHub.issueCode(REDIRECT_URI, null);
    withCookie(attempt, cookie);
    const replay = attempt.browser.finish(`code=${fresh}&state=${attempt.state}`);
    expect(await fixture.outcomeOf(replay)).toEqual(refused(401, 'sign_in_failed'));
  });

  test('a callback at the same time succeeds once', async () => {
    const attempt = await pending();
    const query = `code=${attempt.code}&state=${attempt.state}`;
    const replies = await Promise.all(Array.from({ length: 10 }, () => attempt.browser.finish(query)));
    expect(replies.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      200,
      ...Array(9).fill(401),
    ]);
  });

  test('a code in another sign-in fails', async () => {
    const used = await pending();
    expect((await used.browser.finish(`code=${used.code}&state=${used.state}`)).status).toBe(200);
    const { browser, state } = await pending();
    expect(await fixture.outcomeOf(browser.finish(`code=${used.code}&state=${state}`))).toEqual(
      refused(401, 'sign_in_failed'),
    );
  });
});

describe('injecting', () => {
  test('a code that was issued for another sign-in fails because its verifier is missing', async () => {
    const victim = await pending();
    const { browser, state } = await pending();
    expect(await fixture.outcomeOf(browser.finish(`code=${victim.code}&state=${state}`))).toEqual(
      refused(401, 'sign_in_failed'),
    );
  });

  test('a code for another redirect address fails', async () => {
    const { browser, state } = await pending();
    const code = fixture.gitHub.issueCode('https://evil.example/callback', null);
    expect(await fixture.outcomeOf(browser.finish(`code=${code}&state=${state}`))).toEqual(
      refused(401, 'sign_in_failed'),
    );
  });

  test('a code older than ten minutes fails', async () => {
    const { browser, code, state } = await pending();
    fixture.gitHub.passTime(10 * 60 * 1000 + 1);
    expect(await fixture.outcomeOf(browser.finish(`code=${code}&state=${state}`))).toEqual(
      refused(401, 'sign_in_failed'),
    );
  });

  test('a challenge of the attacker’s own leaves a code that the server cannot redeem', async () => {
    const browser = new Browser(fixture);
    const location = await browser.begin();
    location.searchParams.set('code_challenge', 'an-attacker-knows-this-verifier');
    const query = await browser.agree(location);
    expect(await fixture.outcomeOf(browser.finish(query))).toEqual(refused(401, 'sign_in_failed'));
  });

  test('code and state in a body, or by POST, fails', async () => {
    const attempt = await pending();
    const cookie = cookieOf(attempt);
    const response = await fetch(`${fixture.server.url}/auth/github/callback`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: `${COOKIE}=${cookie}` },
      body: JSON.stringify({ code: attempt.code, state: attempt.state }),
    });
    expect(response.status).toBe(405);
  });
});

describe('a server with the wrong client secret', () => {
  test('lets no one in', async () => {
    const server = await startServer({
      ...fixture.gitHub.environment,
      GITHUB_CLIENT_SECRET: 'wrong',
      GITHUB_REDIRECT_URI: REDIRECT_URI,
    });
    const misconfigured = new SignInFixture();
    misconfigured.gitHub = fixture.gitHub;
    misconfigured.server = server;
    const browser = new Browser(misconfigured);
    expect(await misconfigured.outcomeOf(browser.signIn())).toEqual(refused(401, 'sign_in_failed'));
    await server.close();
  });
});

function swapCase(text: string): string {
  return text.replace(/[a-z]/gi, (letter) => (letter < 'a' ? letter.toLowerCase() : letter.toUpperCase()));
}
