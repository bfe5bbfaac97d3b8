import { expect, test } from 'vitest';
import { AUDIENCE, useExchange } from './exchange-suite.js';

const suite = useExchange(
  { audience: AUDIENCE, subjects: ['repo:acme/*'] },
  { AUTH_FAILURES_PER_MINUTE: '3', TRUST_PROXY: 'loopback', CLIENT_REQUESTS_PER_SECOND: '5' },
);

const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });

async function exchangeFrom(address: string, token: string): Promise<number> {
  const body = {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: token,
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
  };
  return (await suite.nobody.post('/auth/exchange', body, from(address))).status;
}

async function failures(): Promise<number> {
  const { body } = await suite.operator.get('/metrics');
  const [, count] =
    /octostore_auth_failures_total\{kind="subject_token"\} (\d+)/.exec(String(body['text'])) ?? [];
  return Number(count);
}

test('refused tokens count against their address, but never keep a valid one out', async () => {
  const statuses: number[] = [];
  for (let count = 0; count < 4; count += 1) statuses.push(await exchangeFrom('192.0.2.1', 'a.b.c'));
  expect(statuses).toEqual([401, 401, 401, 429]);
  expect(await exchangeFrom('192.0.2.1', await suite.token())).toBe(200);
  expect(await exchangeFrom('192.0.2.2', 'a.b.c')).toBe(401);
  expect(await failures()).toBe(5);
});

test('a subject that exchanges all the time is slowed down', async () => {
  const sub = 'repo:acme/busy:ref:refs/heads/main';
  const token = await suite.token({ sub });
  const statuses: number[] = [];
  for (let count = 0; count < 7; count += 1) statuses.push(await exchangeFrom('192.0.2.3', token));
  // The first exchange makes the account.
  expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 429]);
  suite.clock.advance(1_000);
  expect(await exchangeFrom('192.0.2.3', token)).toBe(200);
});
