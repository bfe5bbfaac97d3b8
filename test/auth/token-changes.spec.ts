import { SERVER_ORIGIN } from '../../src/audit/origin.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hashToken } from '../../src/auth/tokens/token-format.js';
import { TOKENS_BESIDE_SCOPED_MAX } from '../../src/auth/tokens/tokens.js';
import { NO_TERMS } from '../../src/auth/tokens/valid-token.js';
import type { UserId } from '../../src/core/model/ids.js';
import { AccountsFixture, OCTOCAT, type Life } from './accounts-fixture.js';

const GITHUB = { GITHUB_CLIENT_ID: 'id', GITHUB_CLIENT_SECRET: 'secret' };

let fixture: AccountsFixture;
let life: Life;
/** Whether the user had a valid token, at each change. */
let seen: boolean[];

async function begin(environment: Record<string, string>): Promise<void> {
  life = await fixture.start(environment);
  seen = [];
  life.accounts.onTokensChanged((userId) => seen.push(life.accounts.hasValidToken(userId)));
}

beforeEach(async () => {
  fixture = new AccountsFixture();
  await begin(GITHUB);
});

afterEach(async () => {
  await life.end();
  fixture.remove();
});

test('a sign-in is reported, and so is the revocation of the last token', async () => {
  const { token } = await life.accounts.changes.signIn(OCTOCAT, SERVER_ORIGIN);
  const second = await life.accounts.changes.signIn(OCTOCAT, SERVER_ORIGIN);
  for (const { tokenHash } of [{ tokenHash: hashToken(token) }, second.facts]) {
    const valid = life.accounts.validTokens().find((one) => one.tokenHash === tokenHash);
    if (valid !== undefined) await life.accounts.changes.revoke(valid, SERVER_ORIGIN);
  }
  expect(seen).toEqual([true, true, true, false]);
});

test('a rotation never leaves a user without a token', async () => {
  const { token } = await life.accounts.changes.signIn(OCTOCAT, SERVER_ORIGIN);
  await life.accounts.changes.rotate(hashToken(token), SERVER_ORIGIN);
  expect(seen).toEqual([true, true]);
});

test('revoking all tokens at once is one change', async () => {
  const { user } = await life.accounts.changes.signIn(OCTOCAT, SERVER_ORIGIN);
  await life.accounts.changes.signIn(OCTOCAT, SERVER_ORIGIN);
  await life.accounts.changes.revokeAllOf(user, SERVER_ORIGIN);
  expect(seen).toEqual([true, true, false]);
});

test('a user that the configuration no longer names has no valid token', async () => {
  await life.end();
  await begin({ STATIC_TOKENS: 'ann:token-of-ann-00000000001,ben:token-of-ben-00000000001' });
  const userId = life.accounts.callerOf('token-of-ann-00000000001')?.userId as UserId;
  expect(life.accounts.hasValidToken(userId)).toBe(true);
  await life.end();
  await begin({ STATIC_TOKENS: 'ben:token-of-ben-00000000001' });
  expect(life.accounts.hasValidToken(userId)).toBe(false);
});

test('a token with scopes leaves room for the sign-ins of its owner', async () => {
  const { facts, user } = await life.accounts.changes.signIn(OCTOCAT, SERVER_ORIGIN);
  const scope = life.accounts.scopes.of([{ may: ['observe'], on: ['a'] }]);
  const terms = { label: 'x', expiresAtMs: null, scope };
  const narrow = await life.accounts.changes.issueWith(facts, terms, SERVER_ORIGIN);
  for (let count = 2; count < TOKENS_BESIDE_SCOPED_MAX; count += 1)
    await life.accounts.changes.issueWith(narrow.facts, terms, SERVER_ORIGIN);
  await expect(life.accounts.changes.issueWith(narrow.facts, terms, SERVER_ORIGIN)).rejects.toMatchObject({
    code: 'token_limit_exceeded',
  });
  await life.accounts.changes.issueWith(facts, terms, SERVER_ORIGIN);
  expect((await life.accounts.changes.signIn(OCTOCAT, SERVER_ORIGIN)).user).toEqual(user);
});

test('a token that is being revoked makes no other one', async () => {
  const { user, facts } = await life.accounts.changes.signIn(OCTOCAT, SERVER_ORIGIN);
  const revocation = life.accounts.changes.revokeAllOf(user, SERVER_ORIGIN);
  await expect(life.accounts.changes.issueWith(facts, NO_TERMS, SERVER_ORIGIN)).rejects.toMatchObject({
    code: 'unauthorized',
  });
  await revocation;
  expect(life.accounts.validTokensOf(facts.userId)).toEqual([]);
});
