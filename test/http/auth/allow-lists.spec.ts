import { beforeEach, describe, expect, test } from 'vitest';
import { Browser } from '../../../lab/kit/doubles/browser.js';
import { refused, SignInFixture } from './sign-in-fixture.js';

describe('GITHUB_ALLOWED_USERS', () => {
  const fixture = SignInFixture.forTests({ GITHUB_ALLOWED_USERS: 'ada, OctoCat' });

  test('lets in the users it names, in any case, and asks for no scope', async () => {
    const browser = new Browser(fixture);
    const location = await browser.begin();
    expect(location.searchParams.has('scope')).toBe(false);
    expect((await browser.finish(await browser.agree(location))).status).toBe(200);
  });

  test.each(['octocat2', 'octo', 'ada-', 'OctoCat_', 'everyone'])('refuses %s', async (login) => {
    const { user } = fixture.gitHub;
    fixture.gitHub.user = { ...user, id: 31_337, login };
    expect(await fixture.outcomeOf(new Browser(fixture).signIn())).toEqual(
      refused(403, 'sign_in_not_allowed'),
    );
    fixture.gitHub.user = user;
  });

  test('does not confuse names that only look alike', async () => {
    const { user } = fixture.gitHub;
    fixture.gitHub.user = { ...user, id: 31_337, login: 'аda' };
    expect(await fixture.outcomeOf(new Browser(fixture).signIn())).toEqual(
      refused(502, 'github_unavailable'),
    );
    fixture.gitHub.user = user;
  });
});

describe('GITHUB_ALLOWED_ORGS', () => {
  const fixture = SignInFixture.forTests({ GITHUB_ALLOWED_ORGS: 'octo-org second-org' });

  beforeEach(() => fixture.gitHub.memberships.clear());

  test('asks for the scope that shows memberships', async () => {
    expect((await new Browser(fixture).begin()).searchParams.get('scope')).toBe('read:org');
  });

  test.each(['octo-org', 'second-org'])('lets in an active member of %s', async (org) => {
    fixture.gitHub.memberships.set(org, 'active');
    expect((await new Browser(fixture).signIn()).status).toBe(200);
  });

  test('refuses a user who is in neither', async () => {
    fixture.gitHub.memberships.set('third-org', 'active');
    expect(await fixture.outcomeOf(new Browser(fixture).signIn())).toEqual(
      refused(403, 'sign_in_not_allowed'),
    );
  });

  test('refuses a user who was invited but has not accepted', async () => {
    fixture.gitHub.memberships.set('octo-org', 'pending');
    expect(await fixture.outcomeOf(new Browser(fixture).signIn())).toEqual(
      refused(403, 'sign_in_not_allowed'),
    );
  });

  test('refuses a user who removed the scope from the request', async () => {
    fixture.gitHub.memberships.set('octo-org', 'active');
    const browser = new Browser(fixture);
    const location = await browser.begin();
    location.searchParams.delete('scope');
    const query = await browser.agree(location);
    expect(await fixture.outcomeOf(browser.finish(query))).toEqual(refused(502, 'github_unavailable'));
  });

  test('checks each organization with the user’s own token', async () => {
    await new Browser(fixture).signIn();
    const checks = fixture.gitHub.requests.filter(({ path }) => path.includes('/memberships/'));
    expect(checks.map(({ path }) => path).toSorted()).toEqual([
      '/api/v3/user/memberships/orgs/octo-org',
      '/api/v3/user/memberships/orgs/second-org',
    ]);
    for (const { headers } of checks) expect(headers.authorization).toMatch(/^Bearer gho_/);
  });
});

describe('both lists', () => {
  const fixture = SignInFixture.forTests({ GITHUB_ALLOWED_ORGS: 'octo-org', GITHUB_ALLOWED_USERS: 'ada' });

  beforeEach(() => fixture.gitHub.memberships.clear());

  test('let in a member who is not named', async () => {
    fixture.gitHub.memberships.set('octo-org', 'active');
    expect((await new Browser(fixture).signIn()).status).toBe(200);
  });

  test('let in a named user who is not a member, even if memberships cannot be seen', async () => {
    const { user } = fixture.gitHub;
    fixture.gitHub.user = { ...user, id: 1815, login: 'Ada' };
    fixture.gitHub.misbehave('membership', 'status 500');
    expect((await new Browser(fixture).signIn()).status).toBe(200);
    fixture.gitHub.user = user;
  });

  test('refuse a user who is in neither', async () => {
    expect(await fixture.outcomeOf(new Browser(fixture).signIn())).toEqual(
      refused(403, 'sign_in_not_allowed'),
    );
  });
});

describe('a login that changed owners', () => {
  const fixture = SignInFixture.forTests({
    GITHUB_ALLOWED_USERS: 'octocat',
    GITHUB_ALLOWED_ORGS: 'octo-org',
  });

  test('lets its new owner in neither by name nor as a member, and the log says which id to add', async () => {
    const { user } = fixture.gitHub;
    expect((await new Browser(fixture).signIn()).status).toBe(200);
    fixture.gitHub.user = { ...user, id: 31_337, login: 'OctoCat' };
    fixture.gitHub.memberships.set('octo-org', 'active');
    const { status, body } = await new Browser(fixture).signIn();
    expect({ status, code: body['code'] }).toEqual({ status: 403, code: 'sign_in_not_allowed' });
    expect(body['details']).toContain('id:31337');
    fixture.gitHub.memberships.clear();
    fixture.gitHub.user = { ...user, login: 'renamed' };
    expect((await new Browser(fixture).signIn()).status).toBe(200);
    fixture.gitHub.user = user;
  });
});
