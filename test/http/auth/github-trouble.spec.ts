import { describe, expect, test } from 'vitest';
import { Clock } from '../../../src/clock/clock.js';
import type { GitHubPart } from '../../../lab/kit/doubles/github-double.js';
import type { Misbehaviour } from '../../../lab/kit/doubles/github-misbehaviour.js';
import { Browser } from '../../../lab/kit/doubles/browser.js';
import { refused, SignInFixture } from './sign-in-fixture.js';

const fixture = SignInFixture.forTests({ GITHUB_ALLOWED_ORGS: 'octo-org' });

const ANYWHERE: readonly Misbehaviour[] = [
  'status 500',
  'status 500 with a valid body',
  'status 503 with a page',
  'status 403',
  'status 401',
  'status 204',
  'a redirect',
  'a permanent redirect',
  'an empty body',
  'truncated JSON',
  'a form instead of JSON',
  'a page instead of JSON',
  'JSON null',
  'a JSON array',
  'a JSON string',
  'an empty object',
  'an endless body',
  'a body over 64 KiB',
  'half a body',
  'a reset connection',
];

const CASES: readonly (readonly [GitHubPart, Misbehaviour])[] = [
  ...(['token', 'user', 'membership'] as const).flatMap((part) =>
    ANYWHERE.map((how) => [part, how] as const),
  ),
  ['token', 'status 404'],
  ['token', 'an access token that is not a string'],
  ['token', 'an empty access token'],
  ['token', 'an access token with a line break'],
  ['user', 'status 404'],
  ['user', 'a profile without an id'],
  ['user', 'a profile with a string as its id'],
  ['user', 'a profile with null as its id'],
  ['user', 'a profile with a fractional id'],
  ['user', 'a profile with a huge id'],
  ['user', 'a profile with id 0'],
  ['user', 'a profile without a login'],
  ['user', 'a profile with control characters in its login'],
  ['membership', 'a membership without a state'],
  ['membership', 'a membership with an unknown state'],
];

describe('if GitHub misbehaves, the answer is a 502 and no one gets in', () => {
  test.each(CASES)('%s: %s', async (part, how) => {
    fixture.gitHub.memberships.set('octo-org', 'active');
    fixture.gitHub.misbehave(part, how);
    expect(await fixture.outcomeOf(new Browser(fixture).signIn())).toEqual(
      refused(502, 'github_unavailable'),
    );
  });
});

describe('when GitHub does not answer, the wait is bounded', () => {
  test.each([
    ['token', 'no answer'],
    ['user', 'no answer'],
    ['membership', 'no answer'],
    ['token', 'a body that stalls'],
    ['user', 'a body that stalls'],
    ['membership', 'a body that stalls'],
  ] as const)('%s: %s', async (part, how) => {
    const delays = hurry(fixture.server.app.get(Clock));
    fixture.gitHub.misbehave(part, how);
    expect(await fixture.outcomeOf(new Browser(fixture).signIn())).toEqual(
      refused(502, 'github_unavailable'),
    );
    expect(delays).toContain(10_000);
  });
});

describe('when GitHub works again', () => {
  test('sign-ins work again', async () => {
    fixture.gitHub.memberships.set('octo-org', 'active');
    expect((await new Browser(fixture).signIn()).status).toBe(200);
  });
});

/** Makes the clock's timers run a hundred times as fast, and returns what they were set to. */
function hurry(clock: Clock): number[] {
  const delays: number[] = [];
  const after = Object.getPrototypeOf(clock).after as Clock['after'];
  clock.after = (delayMs, task) => {
    delays.push(delayMs);
    return after.call(clock, delayMs / 100, task);
  };
  return delays;
}
