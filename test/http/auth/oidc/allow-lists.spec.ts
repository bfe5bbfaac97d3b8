import { describe, expect, test } from 'vitest';
import { refused } from '../sign-in-fixture.js';
import { OidcFixture } from './oidc-fixture.js';

const SOMEONE = { sub: '7', preferred_username: 'grace', groups: [] };

describe('OIDC_ALLOWED_GROUPS', () => {
  const fixture = OidcFixture.forTests({ OIDC_ALLOWED_GROUPS: 'ops, platform' });

  test('lets in members of any of them', async () => {
    fixture.provider.claims = { ...SOMEONE, groups: ['other', 'platform'] };
    expect((await fixture.browser().signIn()).status).toBe(200);
  });

  test.each([
    ['no groups', []],
    ['other groups', ['op', 'opss', 'OPS']],
    ['groups of another type', { ops: true }],
    ['one text that lists them', 'dev,ops'],
  ])('refuses someone with %s', async (_what, groups) => {
    fixture.provider.claims = { ...SOMEONE, groups };
    expect(await fixture.outcomeOf(fixture.browser().signIn())).toEqual(refused(403, 'sign_in_not_allowed'));
  });
});

describe('the userinfo endpoint', () => {
  const fixture = OidcFixture.forTests({ OIDC_ALLOWED_GROUPS: 'ops' });

  test('says what the token does not', async () => {
    fixture.provider.claims = { sub: '8' };
    fixture.provider.userinfo = { sub: '8', preferred_username: 'grace', groups: ['ops'] };
    const { status, body } = await fixture.browser().signIn();
    expect({ status, login: body['github_username'] }).toEqual({ status: 200, login: 'grace' });
  });

  test('cannot speak for someone else', async () => {
    fixture.provider.claims = { sub: '9' };
    fixture.provider.userinfo = { sub: '8', groups: ['ops'] };
    const { status, tokensIssued } = await fixture.outcomeOf(fixture.browser().signIn());
    expect({ isRefused: status >= 400, tokensIssued }).toEqual({ isRefused: true, tokensIssued: 0 });
  });
});

describe('OIDC_ALLOWED_EMAIL_DOMAINS', () => {
  const fixture = OidcFixture.forTests({ OIDC_ALLOWED_EMAIL_DOMAINS: 'Acme.example' });

  test('lets in people with a verified address there', async () => {
    fixture.provider.claims = { ...SOMEONE, email: 'grace@acme.EXAMPLE', email_verified: true };
    expect((await fixture.browser().signIn()).status).toBe(200);
  });

  test.each([
    { email: 'grace@acme.example' },
    { email: 'grace@acme.example', email_verified: false },
    { email: 'grace@sub.acme.example', email_verified: true },
    { email: 'grace@evil-acme.example', email_verified: true },
    { email: '@acme.example', email_verified: true },
    { email: 'acme.example', email_verified: true },
  ])('refuses %j', async (claims) => {
    fixture.provider.claims = { ...SOMEONE, ...claims };
    expect(await fixture.outcomeOf(fixture.browser().signIn())).toEqual(refused(403, 'sign_in_not_allowed'));
  });
});

describe('a userinfo endpoint and OIDC_ALLOWED_EMAIL_DOMAINS', () => {
  const fixture = OidcFixture.forTests({ OIDC_ALLOWED_EMAIL_DOMAINS: 'acme.example' });

  test('takes an address for verified only where it was said of that address', async () => {
    fixture.provider.claims = { sub: '7', email: 'grace@acme.example' };
    fixture.provider.userinfo = { sub: '7', email: 'mallory@evil.example', email_verified: true, groups: [] };
    expect(await fixture.outcomeOf(fixture.browser().signIn())).toEqual(refused(403, 'sign_in_not_allowed'));
    fixture.provider.userinfo = { ...fixture.provider.userinfo, email: 'grace@acme.example' };
    expect((await fixture.browser().signIn()).status).toBe(200);
  });
});

describe('OIDC_ALLOWED_SUBJECTS', () => {
  const fixture = OidcFixture.forTests({ OIDC_ALLOWED_SUBJECTS: '7' });

  test('lets in whom it names, and not someone who only has that name', async () => {
    fixture.provider.claims = SOMEONE;
    expect((await fixture.browser().signIn()).status).toBe(200);
    fixture.provider.claims = { sub: '77', preferred_username: '7' };
    expect(await fixture.outcomeOf(fixture.browser().signIn())).toEqual(refused(403, 'sign_in_not_allowed'));
  });
});

describe('the account', () => {
  const fixture = OidcFixture.forTests();

  test('is that of the subject, whatever its names', async () => {
    fixture.provider.claims = SOMEONE;
    const { body: first } = await fixture.browser().signIn();
    fixture.provider.claims = { ...SOMEONE, preferred_username: 'hopper' };
    const { body: second } = await fixture.browser().signIn();
    expect([second['user_id'], second['github_username']]).toEqual([first['user_id'], 'hopper']);
    fixture.provider.claims = { ...SOMEONE, sub: '8' };
    expect((await fixture.browser().signIn()).body['user_id']).not.toBe(first['user_id']);
  });

  test.each([
    [{ sub: '1', preferred_username: 'ada' }, 'ada'],
    [{ sub: '1', email: 'ada@acme.example' }, 'ada@acme.example'],
    [{ sub: '1', preferred_username: 'Ada Lovelace', email: 'ada@acme.example' }, 'ada@acme.example'],
    [{ sub: '1' }, '1'],
    [{ sub: 'a b' }, 'user-c8687a08aa5d'],
  ])('%j is shown as %s', async (claims, login) => {
    fixture.provider.claims = claims;
    expect((await fixture.browser().signIn()).body['github_username']).toBe(login);
  });
});
