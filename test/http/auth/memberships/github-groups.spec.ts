import { beforeEach, describe, expect, test } from 'vitest';
import { Browser } from '../../../../lab/kit/doubles/browser.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { SignInFixture } from '../sign-in-fixture.js';
import { grant, Member, recheckAfter } from './member.js';

const clock = new ManualClock();

const SETTINGS = { ADMIN_KEY: 'the-admin-key-of-tests' };

async function signIn(fixture: SignInFixture): Promise<Member> {
  const { status, body } = await new Browser(fixture).signIn();
  if (status !== 200) throw new Error(`not signed in: ${JSON.stringify(body)}`);
  return new Member(fixture.server, String(body['token']));
}

function forget({ gitHub }: SignInFixture): void {
  gitHub.memberships.clear();
  gitHub.teams.clear();
  for (const name of Object.keys(gitHub.userHeaders)) delete gitHub.userHeaders[name];
}

describe('organizations and teams that the policy names', () => {
  const fixture = SignInFixture.forTests(SETTINGS, clock);

  beforeEach(() => forget(fixture));

  test('are asked for only then', async () => {
    expect((await new Browser(fixture).begin()).searchParams.has('scope')).toBe(false);
    await grant(fixture.server, { 'org:Octo-Org': 'org/*', 'team:octo-org/Platform': 'platform/*' });
    expect((await new Browser(fixture).begin()).searchParams.get('scope')).toBe('read:org');
  });

  test('grant locks to their members', async () => {
    fixture.gitHub.memberships.set('octo-org', 'active');
    fixture.gitHub.teams.set('octo-org/platform', 'active');
    const ada = await signIn(fixture);
    expect(await ada.groups()).toEqual(['org:octo-org', 'team:octo-org/platform']);
    expect((await ada.acquire('org/a')).status).toBe(200);
    expect((await ada.acquire('platform/a')).status).toBe(200);
  });

  test('do not grant anything to someone who was only invited', async () => {
    fixture.gitHub.memberships.set('octo-org', 'pending');
    fixture.gitHub.teams.set('octo-org/platform', 'pending');
    const ada = await signIn(fixture);
    expect([await ada.groups(), (await ada.acquire('org/a')).status]).toEqual([[], 403]);
  });

  test('are lost by someone who has left, without an operator', async () => {
    fixture.gitHub.teams.set('octo-org/platform', 'active');
    const ada = await signIn(fixture);
    fixture.gitHub.teams.clear();
    await recheckAfter(12, fixture.server, clock);
    expect([await ada.groups(), (await ada.acquire('platform/b')).status]).toEqual([[], 403]);
  });

  test('are found by the present login of someone who was renamed', async () => {
    const { user } = fixture.gitHub;
    fixture.gitHub.teams.set('octo-org/platform', 'active');
    const ada = await signIn(fixture);
    fixture.gitHub.user = { ...user, login: 'renamed' };
    await recheckAfter(12, fixture.server, clock);
    expect(await ada.groups()).toEqual(['team:octo-org/platform']);
    fixture.gitHub.user = user;
  });

  test('are asked for at once when a policy names new ones', async () => {
    fixture.gitHub.memberships.set('new-org', 'active');
    fixture.gitHub.memberships.set('octo-org', 'active');
    const ada = await signIn(fixture);
    await recheckAfter(0, fixture.server, clock);
    await grant(fixture.server, { 'org:octo-org': 'org/*', 'org:new-org': 'new/*' });
    await recheckAfter(1 / 60, fixture.server, clock);
    expect((await ada.acquire('new/a')).status).toBe(200);
  });

  test('are gone at once if the user has taken the access token back', async () => {
    fixture.gitHub.memberships.set('octo-org', 'active');
    const ada = await signIn(fixture);
    fixture.gitHub.revokeAccess();
    await recheckAfter(12, fixture.server, clock);
    expect(await ada.groups()).toEqual([]);
  });

  test('are not asked for while GitHub wants to be left alone', async () => {
    fixture.gitHub.memberships.set('octo-org', 'active');
    const ada = await signIn(fixture);
    const inThirteenHours = Math.floor(clock.wallMs() / 1000) + 25 * 3600;
    fixture.gitHub.userHeaders['x-ratelimit-remaining'] = '0';
    fixture.gitHub.userHeaders['x-ratelimit-reset'] = String(inThirteenHours);
    await recheckAfter(12, fixture.server, clock);
    fixture.gitHub.requests.length = 0;
    await recheckAfter(0.5, fixture.server, clock);
    expect(fixture.gitHub.requests).toEqual([]);
    forget(fixture);
    await recheckAfter(13, fixture.server, clock);
    expect([fixture.gitHub.requests.length > 0, await ada.groups()]).toEqual([true, []]);
  });
});

describe('GITHUB_ALLOWED_ORGS', () => {
  const fixture = SignInFixture.forTests({ ...SETTINGS, GITHUB_ALLOWED_ORGS: 'octo-org' }, clock);

  beforeEach(() => forget(fixture));

  test('shuts out someone who has left, until the next sign-in', async () => {
    fixture.gitHub.memberships.set('octo-org', 'active');
    const ada = await signIn(fixture);
    fixture.gitHub.memberships.clear();
    await recheckAfter(12, fixture.server, clock);
    expect(await ada.send('GET', '/me')).toMatchObject({ status: 401, body: { code: 'sign_in_required' } });
    fixture.gitHub.memberships.set('octo-org', 'active');
    await signIn(fixture);
    expect((await ada.send('GET', '/me')).status).toBe(200);
  });

  test('shuts everyone out if GitHub does not answer for three intervals', async () => {
    fixture.gitHub.memberships.set('octo-org', 'active');
    const ada = await signIn(fixture);
    fixture.gitHub.misbehave('membership', 'status 500');
    await recheckAfter(35, fixture.server, clock);
    expect((await ada.send('GET', '/me')).status).toBe(200);
    await recheckAfter(1, fixture.server, clock);
    expect((await ada.send('GET', '/me')).status).toBe(401);
  });
});

describe('GITHUB_ALLOWED_USERS', () => {
  const fixture = SignInFixture.forTests(
    { ...SETTINGS, GITHUB_ALLOWED_ORGS: 'octo-org', GITHUB_ALLOWED_USERS: 'octocat' },
    clock,
  );

  test('keeps the access of those whom it names, whatever their organizations', async () => {
    fixture.gitHub.memberships.set('octo-org', 'active');
    const ada = await signIn(fixture);
    fixture.gitHub.memberships.clear();
    await recheckAfter(12, fixture.server, clock);
    expect((await ada.send('GET', '/me')).status).toBe(200);
    fixture.gitHub.misbehave('user', 'status 500');
    await recheckAfter(40, fixture.server, clock);
    expect((await ada.send('GET', '/me')).status).toBe(200);
  });
});
