import { describe, expect, test } from 'vitest';
import type { JWTPayload } from 'jose';
import { refused } from '../sign-in-fixture.js';
import { OidcFixture } from './oidc-fixture.js';

const fixture = OidcFixture.forTests();

const NOW = Math.floor(Date.now() / 1000);

const without =
  (claim: string) =>
  (payload: JWTPayload): JWTPayload =>
    Object.fromEntries(Object.entries(payload).filter(([name]) => name !== claim));

const FORGERIES: Record<string, (payload: JWTPayload) => JWTPayload> = {
  'of another issuer': (payload) => ({ ...payload, iss: 'https://evil.example' }),
  'of an issuer that only begins like ours': (payload) => ({ ...payload, iss: `${payload.iss}/` }),
  'without an issuer': without('iss'),
  'for another audience': (payload) => ({ ...payload, aud: 'another-client' }),
  'for several audiences, authorized for another one': (payload) => ({
    ...payload,
    aud: ['octostore', 'another-client'],
    azp: 'another-client',
  }),
  'without an audience': without('aud'),
  'with the nonce of another sign-in': (payload) => ({ ...payload, nonce: 'another' }),
  'without a nonce': without('nonce'),
  'that has expired': (payload) => ({ ...payload, exp: NOW - 3600, iat: NOW - 7200 }),
  'without an expiry': without('exp'),
  'that is not valid yet': (payload) => ({ ...payload, nbf: NOW + 3600 }),
  'without a subject': without('sub'),
};

describe('no one gets in with an ID token', () => {
  test.each(Object.keys(FORGERIES))('%s', async (name) => {
    const forge = FORGERIES[name];
    if (forge !== undefined) fixture.provider.forge = forge;
    expect(await fixture.outcomeOf(fixture.browser().signIn())).toEqual(refused(401, 'sign_in_failed'));
  });

  test.each(['not at all', 'with the public key as a secret', 'with a foreign key'] as const)(
    'that is signed %s',
    async (signing) => {
      fixture.provider.signing = signing;
      expect(await fixture.outcomeOf(fixture.browser().signIn())).toEqual(refused(401, 'sign_in_failed'));
    },
  );

  test.each(['not at all', 'with the public key as a secret'] as const)(
    'that is signed %s, even if the provider says that it signs only so',
    async (signing) => {
      const algorithm = signing === 'not at all' ? 'none' : 'HS256';
      fixture.provider.signing = signing;
      fixture.provider.describe = (metadata) => ({
        ...metadata,
        id_token_signing_alg_values_supported: [algorithm],
      });
      expect(await fixture.outcomeOf(fixture.browser().signIn())).toEqual(refused(401, 'sign_in_failed'));
    },
  );
});

test('a key that is new counts at once, and one that is withdrawn no longer does', async () => {
  expect((await fixture.browser().signIn()).status).toBe(200);
  const browser = fixture.browser();
  const query = await browser.beginAndAgree();
  await fixture.provider.rotateKey();
  expect((await browser.finish(query)).status).toBe(200);
});

describe('a sign-in works once', () => {
  test('the state cannot be used again', async () => {
    const browser = fixture.browser();
    const query = await browser.beginAndAgree();
    const cookies = new Map(browser.cookies);
    expect((await browser.finish(query)).status).toBe(200);
    for (const [name, cookie] of cookies) browser.cookies.set(name, cookie);
    query.set('code', (await fixture.browser().beginAndAgree()).get('code') ?? '');
    expect(await fixture.outcomeOf(browser.finish(query))).toEqual(refused(401, 'sign_in_failed'));
  });

  test('a code from another sign-in is refused', async () => {
    const browser = fixture.browser();
    const query = await browser.beginAndAgree();
    query.set('code', (await fixture.browser().beginAndAgree()).get('code') ?? '');
    expect(await fixture.outcomeOf(browser.finish(query))).toEqual(refused(401, 'sign_in_failed'));
  });

  test('a code that was redeemed is refused', async () => {
    const first = fixture.browser();
    const redeemed = await first.beginAndAgree();
    await first.finish(redeemed);
    const second = fixture.browser();
    const query = await second.beginAndAgree();
    query.set('code', redeemed.get('code') ?? '');
    expect(await fixture.outcomeOf(second.finish(query))).toEqual(refused(401, 'sign_in_failed'));
  });

  test('another browser cannot finish it', async () => {
    const query = await fixture.browser().beginAndAgree();
    const other = fixture.browser();
    await other.begin();
    expect(await fixture.outcomeOf(other.finish(query))).toEqual(refused(401, 'sign_in_failed'));
  });

  test('a code that names another issuer is refused', async () => {
    fixture.provider.describe = (metadata) => ({
      ...metadata,
      authorization_response_iss_parameter_supported: true,
    });
    const browser = fixture.browser();
    const query = await browser.beginAndAgree();
    query.set('iss', 'https://evil.example');
    expect(await fixture.outcomeOf(browser.finish(query))).toEqual(refused(401, 'sign_in_failed'));
  });
});
