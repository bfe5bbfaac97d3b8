import { afterEach, beforeEach, expect, test } from 'vitest';
import { SERVER_ORIGIN } from '../../src/audit/origin.js';
import type { UserId } from '../../src/core/model/ids.js';
import { hashToken } from '../../src/auth/tokens/token-format.js';
import { EXCHANGED_TOKENS_PER_USER_MAX, TOKENS_PER_USER_MAX } from '../../src/auth/tokens/tokens.js';
import { NO_TERMS } from '../../src/auth/tokens/valid-token.js';
import type { Identity } from '../../src/auth/user-directory.js';
import type { TokenRow } from '../../src/journal/rows/token-row.js';
import { AccountsFixture, type Life } from './accounts-fixture.js';

const JOB: Identity = {
  provider: 'oidc',
  subject: 'https://issuer.example:repo:acme/app',
  login: 'repo:acme/app',
  avatarUrl: null,
};

let fixture: AccountsFixture;
let life: Life;

beforeEach(async () => {
  fixture = new AccountsFixture();
  life = await fixture.start();
});

afterEach(async () => {
  await life.end();
  fixture.remove();
});

const inFifteenMinutes = (): number => fixture.clock.wallMs() + 900_000;

async function exchange(): Promise<string> {
  return (await life.accounts.changes.exchange(JOB, inFifteenMinutes(), SERVER_ORIGIN)).token;
}

/** The exchanged tokens on disk. The token of the first start is not one. */
async function storedTokens(): Promise<TokenRow[]> {
  return (await life.journal.load('tokens')).filter(({ exchanged }) => exchanged === 1);
}

/** Many at once, so that they share commits. */
function exchangeTimes(count: number): Promise<string[]> {
  return Promise.all(Array.from({ length: count }, exchange));
}

test('exchanged tokens and their account survive a restart', async () => {
  const token = await exchange();
  const caller = life.accounts.callerOf(token);
  expect(caller).toMatchObject({ login: 'repo:acme/app', exchanged: true });
  await life.end();
  life = await fixture.start();
  expect(life.accounts.callerOf(token)).toEqual(caller);
  expect(life.accounts.callerOf(await exchange())).toMatchObject({ userId: caller?.userId });
});

test('the oldest one ends beyond the limit, as if it had expired', async () => {
  const oldest = await exchange();
  const ends: string[] = [];
  life.accounts.onTokenEnd(hashToken(oldest), (why) => ends.push(why));
  const others = await exchangeTimes(EXCHANGED_TOKENS_PER_USER_MAX - 1);
  expect(life.accounts.callerOf(oldest)).not.toBeNull();
  const newest = await exchange();
  expect(life.accounts.callerOf(oldest)).toBeNull();
  expect(life.accounts.refusalOf(hashToken(oldest))).toBe('token_expired');
  expect(ends).toEqual(['expired']);
  for (const token of [others[0] ?? '', newest]) expect(life.accounts.callerOf(token)).not.toBeNull();
});

test('they do not count among the other tokens of their account, and end none of those', async () => {
  const labelled = await life.accounts.changes.issue(JOB, { ...NO_TERMS, label: 'a' }, SERVER_ORIGIN);
  for (let count = 1; count < TOKENS_PER_USER_MAX; count += 1)
    await life.accounts.changes.issue(JOB, NO_TERMS, SERVER_ORIGIN);
  const exchanged = await exchange();
  await expect(life.accounts.changes.issue(JOB, NO_TERMS, SERVER_ORIGIN)).rejects.toMatchObject({
    code: 'token_limit_exceeded',
  });
  await life.accounts.changes.signIn(JOB, SERVER_ORIGIN);
  for (const token of [labelled.token, exchanged]) expect(life.accounts.callerOf(token)).not.toBeNull();
});

test('all that expire together end, and each waiter learns why', async () => {
  const tokens = await exchangeTimes(20);
  const ends: string[] = [];
  for (const token of tokens) life.accounts.onTokenEnd(hashToken(token), (why) => ends.push(why));
  fixture.clock.advance(900_000);
  await life.accounts.endExpiredTokens();
  expect(ends).toEqual(tokens.map(() => 'expired'));
  expect(await storedTokens()).toEqual([]);
});

test('their use costs no write', async () => {
  const token = await exchange();
  life.accounts.callerOf(token);
  await life.accounts.recordTokenUses();
  const [valid] = life.accounts.validTokensOf(life.accounts.callerOf(token)?.userId as UserId);
  expect(valid?.lastUsedAtMs).not.toBeNull();
  expect(await storedTokens()).toMatchObject([{ lastUsedAt: null }]);
});
