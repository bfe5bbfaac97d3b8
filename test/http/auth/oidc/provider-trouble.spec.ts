import { describe, expect, test } from 'vitest';
import { Clock } from '../../../../src/clock/clock.js';
import type { Misbehaviour } from '../../../../lab/kit/doubles/github-misbehaviour.js';
import { Browser, OIDC } from '../../../../lab/kit/doubles/browser.js';
import { OidcDouble } from '../../../../lab/kit/doubles/oidc-double.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { startServer } from '../../../support/server.js';
import { refused } from '../sign-in-fixture.js';
import { OidcFixture } from './oidc-fixture.js';

const TROUBLE: readonly Misbehaviour[] = [
  'status 500',
  'status 503 with a page',
  'status 404',
  'a redirect',
  'a permanent redirect',
  'an empty body',
  'truncated JSON',
  'a page instead of JSON',
  'JSON null',
  'an empty object',
  'an endless body',
  'half a body',
  'a reset connection',
];

describe('if the provider misbehaves, the answer is a 502 and no one gets in', () => {
  const fixture = OidcFixture.forTests();

  test.each(TROUBLE)('token: %s', async (how) => {
    fixture.provider.misbehave('token', how);
    const outcome = await fixture.outcomeOf(fixture.browser().signIn());
    // What is not a token at all is the fault of the provider, or of the sign-in.
    expect([refused(502, 'oidc_unavailable'), refused(401, 'sign_in_failed')]).toContainEqual(outcome);
  });

  test.each(TROUBLE)('keys: %s', async (how) => {
    fixture.provider.misbehave('keys', how);
    const outcome = await fixture.outcomeOf(fixture.browser().signIn());
    expect([refused(502, 'oidc_unavailable'), refused(401, 'sign_in_failed')]).toContainEqual(outcome);
  });
});

describe('discovery', () => {
  test.each(TROUBLE)(
    '%s: the server runs, and the sign-in says that the provider is unavailable',
    async (how) => {
      const provider = await OidcDouble.start();
      provider.misbehave('discovery', how);
      const server = await startServer({ ...provider.environment, OIDC_NAME: 'Keycloak' });
      const { status, body } = await new Browser({ server }, OIDC).open('/auth/oidc');
      expect({ status, ...body }).toMatchObject({ status: 502, code: 'oidc_unavailable' });
      expect(body['details']).toContain('Keycloak');
      await server.close();
      await provider.close();
    },
  );

  test.each([
    ['of another issuer', { issuer: 'https://evil.example' }],
    ['of an issuer that only ends differently', { issuer: 'https://login.example.com/' }],
    ['with an authorization page that is no URL', { authorization_endpoint: 'evil' }],
    ['with a page of another kind', { authorization_endpoint: 'file:///etc/passwd' }],
  ])('a description %s is refused', async (_what, changes) => {
    const provider = await OidcDouble.start();
    provider.describe = (metadata) => ({ ...metadata, ...changes });
    const server = await startServer(provider.environment);
    const { status, body } = await new Browser({ server }, OIDC).open('/auth/oidc');
    expect({ status, code: body['code'] }).toEqual({ status: 502, code: 'oidc_unavailable' });
    await server.close();
    await provider.close();
  });

  test('is asked for once an hour, and again after a failure', async () => {
    const clock = new ManualClock();
    const provider = await OidcDouble.start();
    const settings = { ...provider.environment, OIDC_REDIRECT_URI: OIDC.redirectUri };
    const server = await startServer({ ...settings, SIGN_INS_PER_MINUTE: '1000' }, clock);
    const begin = async (): Promise<number> =>
      (await new Browser({ server }, OIDC).open('/auth/oidc')).status;
    const asked = (): number => provider.paths.filter((path) => path.includes('.well-known')).length;
    provider.misbehave('discovery', 'status 500');
    expect(await begin()).toBe(502);
    provider.behave();
    expect([await begin(), await begin(), asked()]).toEqual([302, 302, 1]);
    clock.advance(3_600_000);
    expect([await begin(), asked()]).toEqual([302, 2]);
    await server.close();
    await provider.close();
  });
});

describe('when the provider does not answer, the wait is bounded', () => {
  const clock = new ManualClock();
  const fixture = OidcFixture.forTests({}, clock);

  test.each(['token', 'keys'] as const)('%s', async (part) => {
    const browser = fixture.browser();
    const query = await browser.beginAndAgree();
    fixture.provider.misbehave(part, 'no answer');
    const attempt = browser.finish(query);
    while (fixture.provider.paths.at(-1) !== `/${part}`) await fixture.provider.nextRequest();
    expect(fixture.server.app.get(Clock)).toBe(clock);
    clock.advance(10_000);
    expect(await fixture.outcomeOf(attempt)).toMatchObject({ status: 502, code: 'oidc_unavailable' });
  });
});
