import { expect, onTestFinished, test, vi } from 'vitest';
import { checkedBaseUrls, OctoStoreClient, ValidationError } from '../../../sdks/typescript/src/index.js';
import { renewalTimeoutMs } from '../../../sdks/typescript/src/keeper.js';

test('base URLs come in an array or separated by commas, and each counts once', () => {
  const all = ['http://a', 'https://b/locks', 'http://c:1'];
  expect(checkedBaseUrls(['http://a/', 'https://b/locks//', 'http://c:1'])).toEqual(all);
  expect(checkedBaseUrls(' http://a ,https://b/locks/,, http://c:1/,http://A')).toEqual(all);
  expect(checkedBaseUrls('http://a')).toEqual(['http://a']);
});

test.each([[''], [' , '], [[]], ['http://a,nonsense'], [['http://a', 'ftp://b']]])(
  '%j is not accepted as base URLs',
  (urls) => {
    expect(() => checkedBaseUrls(urls)).toThrow(ValidationError);
  },
);

test('the text form of a client has all its URLs', () => {
  vi.stubEnv('OCTOSTORE_BASE_URL', 'http://a/,http://b');
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(String(new OctoStoreClient({ token: 'secret' }))).toBe('OctoStoreClient(http://a, http://b)');
});

test('an attempt at a renewal takes at most a sixth of the TTL, and no longer than any other request', () => {
  expect(renewalTimeoutMs({ ttlMs: 6000, timeoutMs: 10_000 })).toBe(1000);
  expect(renewalTimeoutMs({ ttlMs: 3_600_000, timeoutMs: 10_000 })).toBe(10_000);
});
