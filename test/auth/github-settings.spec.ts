import { expect, test } from 'vitest';
import { gitHubSettings } from '../../src/auth/github/github-settings.js';
import { loadConfig } from '../../src/config/config.js';

const KEYS = { GITHUB_CLIENT_ID: 'id', GITHUB_CLIENT_SECRET: 'secret' };

test.each([
  [undefined, 'https://github.com/login/oauth', 'https://api.github.com'],
  ['https://github.com/', 'https://github.com/login/oauth', 'https://api.github.com'],
  ['https://GitHub.com', 'https://GitHub.com/login/oauth', 'https://api.github.com'],
  ['https://corp.ghe.com', 'https://corp.ghe.com/login/oauth', 'https://api.corp.ghe.com'],
  ['https://git.corp.example', 'https://git.corp.example/login/oauth', 'https://git.corp.example/api/v3'],
  ['http://10.0.0.7:8443/', 'http://10.0.0.7:8443/login/oauth', 'http://10.0.0.7:8443/api/v3'],
  [
    'https://github.com.evil.example',
    'https://github.com.evil.example/login/oauth',
    'https://github.com.evil.example/api/v3',
  ],
  [
    'https://a.ghe.com.evil.example',
    'https://a.ghe.com.evil.example/login/oauth',
    'https://a.ghe.com.evil.example/api/v3',
  ],
])('GITHUB_BASE_URL=%s', (baseUrl, oauth, api) => {
  const settings = gitHubSettings(loadConfig({ ...KEYS, GITHUB_BASE_URL: baseUrl }));
  expect(settings).toMatchObject({
    authorizeUrl: `${oauth}/authorize`,
    tokenUrl: `${oauth}/access_token`,
    apiUrl: api,
  });
});

test('there are no settings without a client id', () => {
  expect(gitHubSettings(loadConfig({}))).toBeNull();
});
