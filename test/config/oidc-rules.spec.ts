import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/config.js';

const WHOLE = {
  OIDC_ISSUER: 'https://login.example.com/realms/acme',
  OIDC_CLIENT_ID: 'octostore',
  OIDC_CLIENT_SECRET: 'secret',
};

describe('the settings of OpenID Connect', () => {
  test('are valid together', () => {
    expect(loadConfig(WHOLE)).toMatchObject(WHOLE);
    expect(loadConfig({}).OIDC_ISSUER).toBeUndefined();
  });

  test.each([
    [{ ...WHOLE, OIDC_ISSUER: undefined }, 'OIDC_ISSUER: must be set too'],
    [{ ...WHOLE, OIDC_CLIENT_ID: undefined }, 'OIDC_CLIENT_ID: must be set too'],
    [
      { ...WHOLE, OIDC_CLIENT_SECRET: undefined },
      'OIDC_CLIENT_SECRET: or OIDC_CLIENT_SECRET_FILE must be set',
    ],
    [{ ...WHOLE, OIDC_CLIENT_SECRET_FILE: '/secret' }, 'OIDC_CLIENT_SECRET_FILE: must not be set'],
  ])('are refused without one of them, or with two secrets', (settings, complaint) => {
    expect(() => loadConfig(settings)).toThrow(complaint);
  });

  test.each([
    'http://login.example.com',
    'http://127.0.0.1.example.com',
    'https://user:password@login.example.com',
    'https://login.example.com?tenant=1',
    'https://login.example.com/#',
    'https://login.example.com/a b',
    'https://login.example.com/realms/a:b',
    'https://login.example.com/*',
    'login.example.com',
    `https://login.example.com/${'a'.repeat(400)}`,
  ])('refuse %s as an issuer', (issuer) => {
    expect(() => loadConfig({ ...WHOLE, OIDC_ISSUER: issuer })).toThrow('OIDC_ISSUER: must be an https URL');
  });

  test.each([
    'https://login.example.com/',
    'http://localhost:8080',
    'http://127.0.0.1:8080',
    'http://[::1]:8080',
  ])('take %s as it is', (issuer) => {
    expect(loadConfig({ ...WHOLE, OIDC_ISSUER: issuer }).OIDC_ISSUER).toBe(issuer);
  });
});
