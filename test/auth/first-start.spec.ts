import { SERVER_ORIGIN } from '../../src/audit/origin.js';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { hashToken } from '../../src/auth/tokens/token-format.js';
import { AccountsFixture, OCTOCAT, type Life } from './accounts-fixture.js';

let fixture: AccountsFixture;

beforeEach(() => {
  fixture = new AccountsFixture();
});

afterEach(() => fixture.remove());

/** The token that the start shows; null if it shows none. */
async function tokenShownBy({ firstStart }: Life): Promise<string | null> {
  let shown: string | null = null;
  await firstStart.showToken((token) => {
    shown = token;
  });
  return shown;
}

describe('the first start with no way to sign in', () => {
  test('creates the user local, whose token is shown once and works after every later start', async () => {
    const first = await fixture.start();
    const token = (await tokenShownBy(first)) ?? '';
    expect(token).toMatch(/^octo_/);
    expect(first.accounts.callerOf(token)?.login).toBe('local');
    expect(await tokenShownBy(first)).toBeNull();
    await first.end();

    const second = await fixture.start();
    expect(await tokenShownBy(second)).toBeNull();
    expect(second.accounts.callerOf(token)).toEqual(first.accounts.callerOf(token));
    await second.end();
  });

  test('that failed before the token was shown is repeated by the next one', async () => {
    const failed = await fixture.start();
    await failed.end();
    const next = await fixture.start();
    const token = (await tokenShownBy(next)) ?? '';
    expect(next.accounts.callerOf(token)?.login).toBe('local');
    await next.end();

    const later = await fixture.start();
    expect(await tokenShownBy(later)).toBeNull();
    expect(later.accounts.callerOf(token)?.login).toBe('local');
    expect(await later.journal.load('tokens')).toHaveLength(1);
    await later.end();
  });

  test('that could not show the token is repeated by the next one', async () => {
    const first = await fixture.start();
    await first.firstStart.showToken(() => Promise.reject(new Error('the disk is full')));
    expect(await first.journal.load('users')).toEqual([]);
    await first.end();
    const second = await fixture.start();
    expect(await tokenShownBy(second)).toMatch(/^octo_/);
    await second.end();
  });

  test('stores the account only when the token has been shown', async () => {
    const first = await fixture.start();
    let whenShown: unknown = null;
    await first.firstStart.showToken(async () => {
      whenShown = await first.journal.load('users');
    });
    expect(whenShown).toEqual([]);
    expect(await first.journal.load('users')).toHaveLength(1);
    await first.end();
  });

  test('creates a token that can be rotated for good', async () => {
    const first = await fixture.start();
    const token = (await tokenShownBy(first)) ?? '';
    const next = await first.accounts.changes.rotate(hashToken(token), SERVER_ORIGIN);
    await first.end();
    const second = await fixture.start();
    expect(second.accounts.callerOf(token)).toBeNull();
    expect(second.accounts.callerOf(next)?.login).toBe('local');
    await second.end();
  });
});

describe('the user local is not created', () => {
  test.each([
    ['GitHub', { GITHUB_CLIENT_ID: 'id', GITHUB_CLIENT_SECRET: 'secret' }],
    ['static tokens', { STATIC_TOKENS: 'ada:one' }],
    ['a file of static tokens', { STATIC_TOKENS_FILE: '/dev/null' }],
  ])('with %s', async (_, environment) => {
    const life = await fixture.start(environment);
    expect(await tokenShownBy(life)).toBeNull();
    expect((await life.journal.load('users')).map(({ provider }) => provider)).not.toContain('local');
    await life.end();
  });

  test('if there is no place where only you would see its token, and then a line says what to do', async () => {
    const warned = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    onTestFinished(() => warned.mockRestore());
    const first = await fixture.startUnseen();
    expect(await tokenShownBy(first)).toBeNull();
    expect([first.accounts.isEmpty, first.accounts.hasTokens]).toEqual([true, false]);
    expect(warned.mock.calls).toEqual([[expect.stringContaining('octostore token create USER')]]);
    await first.end();
  });

  test('if there are users already', async () => {
    const first = await fixture.start({ GITHUB_CLIENT_ID: 'id', GITHUB_CLIENT_SECRET: 'secret' });
    const { token } = await first.accounts.changes.signIn(OCTOCAT, SERVER_ORIGIN);
    await first.end();
    const second = await fixture.start();
    expect(await tokenShownBy(second)).toBeNull();
    expect(second.accounts.callerOf(token)?.login).toBe('octocat');
    await second.end();
  });
});

describe('the first use of a token', () => {
  test('is reported once, and the token works the same for every caller', async () => {
    const life = await fixture.start();
    const token = (await tokenShownBy(life)) ?? '';
    const before = life.accounts.validTokens();
    let uses = 0;
    expect(life.accounts.onFirstUse(token, () => (uses += 1))).toBe(true);
    expect(life.accounts.validTokens()).toEqual(before);
    expect(life.accounts.hasTokens).toBe(true);
    expect(life.accounts.callerOf(`${token.slice(0, -1)}x`)).toBeNull();
    expect(uses).toBe(0);
    expect(life.accounts.callerOf(token)?.login).toBe('local');
    expect(life.accounts.callerOf(token)?.login).toBe('local');
    expect(uses).toBe(1);
    await life.end();
  });

  test('is never reported for a revoked token, and cannot be observed for an invalid one', async () => {
    const life = await fixture.start();
    const token = (await tokenShownBy(life)) ?? '';
    let uses = 0;
    life.accounts.onFirstUse(token, () => (uses += 1));
    for (const valid of life.accounts.validTokens()) await life.accounts.changes.revoke(valid, SERVER_ORIGIN);
    expect(life.accounts.callerOf(token)).toBeNull();
    expect(life.accounts.onFirstUse(token, () => (uses += 1))).toBe(false);
    expect([uses, life.accounts.hasTokens]).toEqual([0, false]);
    await life.end();
  });
});
