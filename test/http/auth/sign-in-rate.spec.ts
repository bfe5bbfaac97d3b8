import { describe, expect, test } from 'vitest';
import { Browser } from '../../../lab/kit/doubles/browser.js';
import { ManualClock } from '../../support/manual-clock.js';
import { SignInFixture } from './sign-in-fixture.js';

const fixture = SignInFixture.forTests(
  { SIGN_INS_PER_MINUTE: '3', TRUST_PROXY: 'loopback' },
  new ManualClock(),
);

function from(address: string): Promise<{ status: number; headers: Headers; body: Record<string, unknown> }> {
  return new Browser(fixture).open('/auth/github', { 'x-forwarded-for': address });
}

async function statusesFrom(...addresses: string[]): Promise<number[]> {
  const statuses: number[] = [];
  for (const address of addresses) statuses.push((await from(address)).status);
  return statuses;
}

describe('sign-ins are limited', () => {
  test('per client address, and the answer says when to retry', async () => {
    expect(await statusesFrom('192.0.2.1', '192.0.2.1', '192.0.2.1')).toEqual([302, 302, 302]);
    const refused = await from('192.0.2.1');
    expect(refused.status).toBe(429);
    expect(refused.body).toMatchObject({ code: 'rate_limited' });
    expect(refused.headers.get('retry-after')).toBe('20');
    expect(refused.headers.getSetCookie()).toEqual([]);
    expect((await from('192.0.2.2')).status).toBe(302);
  });

  test('per IPv6 network, whichever of its addresses is used', async () => {
    expect(
      await statusesFrom('2001:db8:1:2::1', '2001:db8:1:2::2', '2001:db8:1:2:ffff::3', '2001:db8:1:2::4'),
    ).toEqual([302, 302, 302, 429]);
    expect((await from('2001:db8:1:3::1')).status).toBe(302);
  });

  test('together for an IPv4 address, written as IPv4 or as IPv6', async () => {
    expect(await statusesFrom('192.0.2.9', '::ffff:192.0.2.9', '192.0.2.9', '::ffff:192.0.2.9')).toEqual([
      302, 302, 302, 429,
    ]);
  });

  test('when they finish as well as when they begin', async () => {
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 4; attempt += 1) {
      const reply = await new Browser(fixture).open('/auth/github/callback', {
        'x-forwarded-for': '192.0.2.20',
      });
      statuses.push(reply.status);
    }
    expect(statuses).toEqual([401, 401, 401, 429]);
    expect((await from('192.0.2.20')).status).toBe(302);
  });
});
