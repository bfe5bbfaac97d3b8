import { describe, expect, test, beforeEach } from 'vitest';
import { KEYS_PATH, makeIssuerKey, sendJson } from '../../../../lab/kit/doubles/issuer-double.js';
import { expectError } from '../../suite.js';
import { useExchange } from './exchange-suite.js';

const DISCOVERY = '/.well-known/openid-configuration';

const suite = useExchange();

/** Long enough that the keys of an earlier test are no longer used. */
const A_DAY_MS = 25 * 3_600_000;

beforeEach(() => {
  suite.issuer.answers.clear();
  suite.clock.advance(A_DAY_MS);
});

/** How often the keys were asked for. */
const asked = (): number => suite.issuer.asked.filter((path) => path === KEYS_PATH).length;

async function expectUnavailable(): Promise<void> {
  const reply = await suite.exchange(await suite.token());
  expectError(reply, 'issuer_unavailable');
  expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
}

describe('the keys of an issuer', () => {
  test('are got once, and again after ten minutes', async () => {
    const before = asked();
    await Promise.all(Array.from({ length: 5 }, () => suite.job()));
    expect(asked()).toBe(before + 1);
    suite.clock.advance(601_000);
    await suite.job();
    expect(asked()).toBe(before + 2);
  });

  test('may be replaced: an unknown key is looked for, and one that is gone no longer counts', async () => {
    await suite.job();
    const [old] = suite.issuer.keys;
    const byOld = await suite.token();
    suite.issuer.keys = [await makeIssuerKey('key-2', 'ES256')];
    suite.clock.advance(31_000);
    await suite.job();
    expectError(await suite.exchange(byOld), 'subject_token_refused');
    suite.issuer.keys = old === undefined ? [] : [old];
  });

  test('are not got for each token with an unknown key', async () => {
    await suite.job();
    suite.clock.advance(31_000);
    const before = asked();
    for (let index = 0; index < 10; index += 1) {
      const token = await suite.issuer.sign(suite.claims(), { kid: `unknown-${index}` });
      expectError(await suite.exchange(token), 'subject_token_refused');
    }
    expect(asked()).toBe(before + 1);
  });

  test('are used for a day while the issuer is down, without asking it each time', async () => {
    await suite.job();
    suite.issuer.answers.set(DISCOVERY, (response) => response.destroy());
    suite.clock.advance(12 * 3_600_000);
    const before = suite.issuer.asked.length;
    await suite.job();
    await suite.job();
    expect(suite.issuer.asked.length).toBe(before + 1);
    suite.clock.advance(13 * 3_600_000);
    await expectUnavailable();
    suite.issuer.answers.clear();
    await expectUnavailable();
    suite.clock.advance(5_001);
    await suite.job();
  });
});

describe('an issuer that misbehaves', () => {
  test('redirects', async () => {
    suite.issuer.answers.set(KEYS_PATH, (response) =>
      response.writeHead(302, { location: `${suite.issuer.url}/elsewhere` }).end(),
    );
    await expectUnavailable();
    expect(suite.issuer.asked).not.toContain('/elsewhere');
  });

  test('sends far too much', async () => {
    suite.issuer.answers.set(KEYS_PATH, (response) => {
      response.writeHead(200);
      const send = (): void => {
        if (!response.destroyed) response.write(Buffer.alloc(64 * 1024, 0x20), () => setImmediate(send));
      };
      send();
    });
    await expectUnavailable();
  });

  test('does not answer', async () => {
    const reached = new Promise<void>((resolve) => suite.issuer.answers.set(KEYS_PATH, () => resolve()));
    const unavailable = expectUnavailable();
    await reached;
    suite.clock.advance(5_000);
    await unavailable;
  });

  test.each([
    ['no keys', { answer: 1 }],
    ['too many keys', { keys: Array.from({ length: 101 }, () => ({ kty: 'RSA' })) }],
    ['keys that are none', { keys: [1] }],
    ['a list', []],
  ])('has %s', async (_, value) => {
    suite.issuer.answers.set(KEYS_PATH, (response) => sendJson(response, value));
    await expectUnavailable();
  });

  test.each([
    ['another issuer', () => ({ issuer: 'https://evil.example', jwks_uri: `${suite.issuer.url}/jwks` })],
    ['keys on another host', () => ({ issuer: suite.issuer.url, jwks_uri: 'https://169.254.169.254/jwks' })],
    ['keys on another port', () => ({ issuer: suite.issuer.url, jwks_uri: 'https://127.0.0.1:1/jwks' })],
    [
      'keys without TLS',
      () => ({ issuer: suite.issuer.url, jwks_uri: suite.issuer.url.replace('https', 'http') }),
    ],
    ['no keys', () => ({ issuer: suite.issuer.url })],
  ])('its discovery document names %s', async (_, document) => {
    suite.issuer.answers.set(DISCOVERY, (response) => sendJson(response, document()));
    await expectUnavailable();
  });

  test('publishes a shared secret, which verifies nothing', async () => {
    const k = Buffer.from('x'.repeat(64)).toString('base64url');
    suite.issuer.answers.set(KEYS_PATH, (response) =>
      sendJson(response, { keys: [{ kty: 'oct', k, kid: 'key-1' }] }),
    );
    expectError(await suite.exchange(await suite.token()), 'subject_token_refused');
  });
});
