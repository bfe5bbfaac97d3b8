import { afterAll, beforeAll, expect, test } from 'vitest';
import { Browser, OIDC } from '../../../../lab/kit/doubles/browser.js';
import { startServer, type TestServer } from '../../../support/server.js';
import { ProviderPages, RealProvider } from './real-provider.js';

let provider: RealProvider;
let server: TestServer;

beforeAll(async () => {
  provider = await RealProvider.start(OIDC.redirectUri);
  provider.groups.set('ada', ['ops', 'dev']);
  server = await startServer({
    ...provider.environment,
    OIDC_REDIRECT_URI: OIDC.redirectUri,
    OIDC_ALLOWED_GROUPS: 'ops',
  });
});

afterAll(async () => {
  await server.close();
  await provider.close();
});

test('a person signs in through the pages of a real provider, and the token works', async () => {
  const browser = new Browser({ server }, OIDC);
  const query = await new ProviderPages().agree(await browser.begin(), 'ada', OIDC.redirectUri);
  const { status, body } = await browser.finish(query);
  expect({ status, ...body }).toMatchObject({ status: 200, github_username: 'ada.name' });
  const me = await fetch(`${server.url}/me`, {
    headers: { authorization: `Bearer ${String(body['token'])}` },
  });
  expect(await me.json()).toMatchObject({ login: 'ada.name', is_administrator: false });
});

test('a person without the group is refused', async () => {
  const browser = new Browser({ server }, OIDC);
  const query = await new ProviderPages().agree(await browser.begin(), 'mallory', OIDC.redirectUri);
  const { status, body } = await browser.finish(query);
  expect({ status, code: body['code'] }).toEqual({ status: 403, code: 'sign_in_not_allowed' });
});
