import { expect, test } from 'vitest';
import { advertisedUrl } from '../../src/cli/server/postgres/advertised-url.js';
import { controlOf } from '../../src/cli/server/postgres/leader-control.js';
import { controlKey } from '../../src/secrets/control-key.js';

test.each([
  ['http://0.0.0.0:3000', 'http://127.0.0.1:3000'],
  ['http://[::]:3000', 'http://127.0.0.1:3000'],
  ['https://0.0.0.0', 'https://127.0.0.1'],
  ['http://10.0.0.7:3000', 'http://10.0.0.7:3000'],
  ['http://[fd12::7]:3000', 'http://[fd12::7]:3000'],
  ['http://[::1]:3000', 'http://[::1]:3000'],
])('a server that listens at %s is reached at %s', (listening, url) => {
  expect(advertisedUrl({ ADVERTISE_URL: undefined }, listening)).toBe(url);
});

test('ADVERTISE_URL overrides the address', () => {
  const config = { ADVERTISE_URL: 'https://locks.example.com' };
  expect(advertisedUrl(config, 'http://0.0.0.0:3000')).toBe('https://locks.example.com');
});

const SECRET_KEY = 'k'.repeat(32);

test('the key depends on the secret and on the term, and reveals neither', () => {
  const key = controlKey(SECRET_KEY, 'reign');
  expect(key).toBe('b1ygND2fJYD8uPoCsEs5hPu5U1LKeud7-eS5YWFxJDI');
  expect(controlKey(SECRET_KEY, 'reign2')).not.toBe(key);
  expect(controlKey(`${SECRET_KEY}k`, 'reign')).not.toBe(key);
});

test.each([
  ['http://127.0.0.1:3000', true],
  ['https://127.7.7.7', true],
  ['https://[::1]:3000', true],
  ['https://localhost:3000', false],
  ['https://127.example.com', false],
  ['https://10.0.0.7', false],
])('whether %s is on this machine, so that its certificate is not checked: %s', (url, isOnThisMachine) => {
  expect(controlOf({ url, reign: 'reign' }, SECRET_KEY)).toMatchObject({
    url,
    isOnThisMachine,
    key: controlKey(SECRET_KEY, 'reign'),
  });
});

test('a leader whose address is not known yet cannot be reached', () => {
  expect(controlOf({ url: '', reign: 'reign' }, SECRET_KEY)).toBeNull();
});
