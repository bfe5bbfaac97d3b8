import { expect, test } from 'vitest';
import { CheckedClient } from '../../support/schema-client.js';
import { startServer } from '../../support/server.js';

const GITHUB = { GITHUB_CLIENT_ID: 'id', GITHUB_CLIENT_SECRET: 'secret-of-tests' };
const OIDC = {
  OIDC_ISSUER: 'https://login.example.com',
  OIDC_CLIENT_ID: 'id',
  OIDC_CLIENT_SECRET: 'secret-of-tests',
  OIDC_NAME: 'Acme login',
};
const AT_GITHUB = { kind: 'github', name: 'GitHub', url: '/auth/github' };
const AT_OIDC = { kind: 'oidc', name: 'Acme login', url: '/auth/oidc' };

test.each([
  ['nothing', {}, []],
  ['GitHub', GITHUB, [AT_GITHUB]],
  ['OpenID Connect', OIDC, [AT_OIDC]],
  ['both', { ...GITHUB, ...OIDC }, [AT_GITHUB, AT_OIDC]],
])('anyone learns that %s is configured', async (_name, environment, providers) => {
  const server = await startServer(environment);
  try {
    const { status, body } = await new CheckedClient(server.url, null).get('/auth/sign-in');
    expect(status).toBe(200);
    expect(body).toEqual({ providers });
    for (const { url } of providers) {
      const started = await fetch(`${server.url}${url}`, { redirect: 'manual' });
      // The provider of this test cannot be reached, but the way to it is there.
      expect(started.status).not.toBe(404);
    }
  } finally {
    await server.close();
  }
});
