import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hashToken } from '../../src/auth/tokens/token-format.js';
import { AccountsFixture, OCTOCAT, type Life } from './accounts-fixture.js';

let fixture: AccountsFixture;

beforeEach(() => {
  fixture = new AccountsFixture();
});

afterEach(() => fixture.remove());

/** The token that the start tells; null if it tells none. */
async function tokenToldBy({ firstStart }: Life): Promise<string | null> {
  let told: string | null = null;
  await firstStart.showToken((token) => {
    told = token;
  });
  return told;
}

describe('the first start with no way to sign in', () => {
  test('makes the user local, whose token is told once and works at every later start', async () => {
    const first = await fixture.start();
    const token = (await tokenToldBy(first)) ?? '';
    expect(token).toMatch(/^octo_/);
    expect(first.accounts.callerOf(token)?.login).toBe('local');
    expect(await tokenToldBy(first)).toBeNull();
    await first.end();

    const second = await fixture.start();
    expect(await tokenToldBy(second)).toBeNull();
    expect(second.accounts.callerOf(token)).toEqual(first.accounts.callerOf(token));
    await second.end();
  });

  test('that failed before the token was told is made up for by the next one', async () => {
    const failed = await fixture.start();
    await failed.end();
    const next = await fixture.start();
    const token = (await tokenToldBy(next)) ?? '';
    expect(next.accounts.callerOf(token)?.login).toBe('local');
    await next.end();

    const later = await fixture.start();
    expect(await tokenToldBy(later)).toBeNull();
    expect(later.accounts.callerOf(token)?.login).toBe('local');
    expect(await later.journal.load('tokens')).toHaveLength(1);
    await later.end();
  });

  test('that could not tell the token is made up for by the next one', async () => {
    const first = await fixture.start();
    await first.firstStart.showToken(() => Promise.reject(new Error('the disk is full')));
    expect(await first.journal.load('users')).toEqual([]);
    await first.end();
    const second = await fixture.start();
    expect(await tokenToldBy(second)).toMatch(/^octo_/);
    await second.end();
  });

  test('makes the account last only when the token has been told', async () => {
    const first = await fixture.start();
    let whenTold: unknown = null;
    await first.firstStart.showToken(async () => {
      whenTold = await first.journal.load('users');
    });
    expect(whenTold).toEqual([]);
    expect(await first.journal.load('users')).toHaveLength(1);
    await first.end();
  });

  test('lets the token of local be rotated for good', async () => {
    const first = await fixture.start();
    const token = (await tokenToldBy(first)) ?? '';
    const next = await first.accounts.changes.rotate(hashToken(token));
    await first.end();
    const second = await fixture.start();
    expect(second.accounts.callerOf(token)).toBeNull();
    expect(second.accounts.callerOf(next)?.login).toBe('local');
    await second.end();
  });
});

describe('no user local is made', () => {
  test.each([
    ['GitHub', { GITHUB_CLIENT_ID: 'id', GITHUB_CLIENT_SECRET: 'secret' }],
    ['static tokens', { STATIC_TOKENS: 'ada:one' }],
    ['a file of static tokens', { STATIC_TOKENS_FILE: '/dev/null' }],
  ])('with %s', async (_, environment) => {
    const life = await fixture.start(environment);
    expect(await tokenToldBy(life)).toBeNull();
    expect((await life.journal.load('users')).map(({ provider }) => provider)).not.toContain('local');
    await life.end();
  });

  test('where there are users already', async () => {
    const first = await fixture.start({ GITHUB_CLIENT_ID: 'id', GITHUB_CLIENT_SECRET: 'secret' });
    const { token } = await first.accounts.changes.signIn(OCTOCAT);
    await first.end();
    const second = await fixture.start();
    expect(await tokenToldBy(second)).toBeNull();
    expect(second.accounts.callerOf(token)?.login).toBe('octocat');
    await second.end();
  });
});

describe('the first use of a token', () => {
  test('is noticed once, whoever asks for what, and the token stays the same to everybody', async () => {
    const life = await fixture.start();
    const token = (await tokenToldBy(life)) ?? '';
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

  test('does not come to a token that was revoked before, and none is waited for of one that is not valid', async () => {
    const life = await fixture.start();
    const token = (await tokenToldBy(life)) ?? '';
    let uses = 0;
    life.accounts.onFirstUse(token, () => (uses += 1));
    for (const valid of life.accounts.validTokens()) await life.accounts.changes.revoke(valid);
    expect(life.accounts.callerOf(token)).toBeNull();
    expect(life.accounts.onFirstUse(token, () => (uses += 1))).toBe(false);
    expect([uses, life.accounts.hasTokens]).toEqual([0, false]);
    await life.end();
  });
});
