import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hashToken } from '../../src/auth/tokens/token-format.js';
import { AccountsFixture, OCTOCAT } from './accounts-fixture.js';

let fixture: AccountsFixture;

beforeEach(() => {
  fixture = new AccountsFixture();
});

afterEach(() => fixture.remove());

describe('the first start with no way to sign in', () => {
  test('makes the user local, whose token is told once and works at every later start', async () => {
    const first = await fixture.start();
    const token = first.firstStart.takeToken() ?? '';
    expect(token).toMatch(/^octo_/);
    expect(first.accounts.callerOf(token)?.login).toBe('local');
    expect(first.firstStart.takeToken()).toBeNull();
    await first.end();

    const second = await fixture.start();
    expect(second.firstStart.takeToken()).toBeNull();
    expect(second.accounts.callerOf(token)).toEqual(first.accounts.callerOf(token));
    await second.end();
  });

  test('that failed before the token was told is made up for by the next one', async () => {
    const failed = await fixture.start();
    await failed.end();
    const next = await fixture.start();
    const token = next.firstStart.takeToken() ?? '';
    expect(next.accounts.callerOf(token)?.login).toBe('local');
    await next.end();

    const later = await fixture.start();
    expect(later.firstStart.takeToken()).toBeNull();
    expect(later.accounts.callerOf(token)?.login).toBe('local');
    expect(await later.journal.load('tokens')).toHaveLength(1);
    await later.end();
  });

  test('lets the token of local be rotated for good', async () => {
    const first = await fixture.start();
    const token = first.firstStart.takeToken() ?? '';
    const next = await first.accounts.rotate(hashToken(token));
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
    expect(life.firstStart.takeToken()).toBeNull();
    expect((await life.journal.load('users')).map(({ provider }) => provider)).not.toContain('local');
    await life.end();
  });

  test('where there are users already', async () => {
    const first = await fixture.start({ GITHUB_CLIENT_ID: 'id', GITHUB_CLIENT_SECRET: 'secret' });
    const { token } = await first.accounts.signIn(OCTOCAT);
    await first.end();
    const second = await fixture.start();
    expect(second.firstStart.takeToken()).toBeNull();
    expect(second.accounts.callerOf(token)?.login).toBe('octocat');
    await second.end();
  });
});
