import { SERVER_ORIGIN } from '../../src/audit/origin.js';
import { NO_TERMS } from '../../src/auth/tokens/valid-token.js';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { IssuedToken } from '../../src/auth/account-changes.js';
import { hashToken, makeToken } from '../../src/auth/tokens/token-format.js';
import type { ValidToken } from '../../src/auth/tokens/valid-token.js';
import { TOKENS_PER_USER_MAX } from '../../src/auth/tokens/tokens.js';
import { AccountsFixture, OCTOCAT, type Life } from './accounts-fixture.js';
import type { Identity } from '../../src/auth/user-directory.js';

const GITHUB = { GITHUB_CLIENT_ID: 'id', GITHUB_CLIENT_SECRET: 'secret' };

let fixture: AccountsFixture;
let life: Life;

const signIn = (identity: Identity) => life.accounts.changes.signIn(identity, SERVER_ORIGIN);

async function begin(environment: Record<string, string> = GITHUB): Promise<void> {
  life = await fixture.start(environment);
}

async function restart(environment: Record<string, string> = GITHUB): Promise<void> {
  await life.end();
  await begin(environment);
}

function rotate(token: string): Promise<string> {
  return life.accounts.changes.rotate(hashToken(token), SERVER_ORIGIN);
}

beforeEach(async () => {
  fixture = new AccountsFixture();
  await begin();
});

afterEach(async () => {
  await life.end();
  fixture.remove();
});

describe('signing in', () => {
  test('creates an account and a token, and both survive a restart', async () => {
    const { user, token, facts } = await signIn(OCTOCAT);
    expect(user).toMatchObject(OCTOCAT);
    const { tokenHash, tokenId } = facts;
    const { userId } = user;
    const caller = { userId, login: 'octocat', tokenHash, tokenId, scope: null, exchanged: false };
    expect(life.accounts.callerOf(token)).toEqual(caller);
    await restart();
    expect(life.accounts.callerOf(token)).toEqual(caller);
    expect(life.accounts.user(user.userId)).toEqual(user);
  });

  test('takes effect only when it is durable', async () => {
    const signingIn = signIn(OCTOCAT);
    expect(life.accounts.hasTokens).toBe(false);
    const { user } = await signingIn;
    expect(life.accounts.loginOf(user.userId)).toBe('octocat');
    expect(await life.journal.load('tokens')).toHaveLength(1);
  });

  test('a second time keeps the account and the earlier tokens', async () => {
    const first = await signIn(OCTOCAT);
    fixture.clock.advance(5000);
    const second = await signIn({ ...OCTOCAT, login: 'OctoCat2', avatarUrl: null });
    expect(second.user.userId).toBe(first.user.userId);
    expect(second.user.createdAt).toBe(first.user.createdAt);
    expect(life.accounts.callerOf(first.token)).toMatchObject({
      userId: first.user.userId,
      login: 'OctoCat2',
    });
    expect(life.accounts.callerOf(second.token)).toMatchObject({
      userId: first.user.userId,
      login: 'OctoCat2',
    });
    await restart();
    expect(life.accounts.loginOf(first.user.userId)).toBe('OctoCat2');
    expect(await life.journal.load('users')).toHaveLength(1);
  });

  test('many times at once creates one account', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => signIn(OCTOCAT)));
    expect(new Set(all.map(({ user }) => user.userId)).size).toBe(1);
    expect(new Set(all.map(({ token }) => token)).size).toBe(20);
    expect(await life.journal.load('users')).toHaveLength(1);
  });

  test('keeps accounts from different providers apart, even with the same name', async () => {
    await restart({ ...GITHUB, STATIC_TOKENS: 'octocat:static-one' });
    const { user } = await signIn(OCTOCAT);
    expect(life.accounts.callerOf('static-one')?.userId).not.toBe(user.userId);
  });

  test('revokes the oldest tokens of an account that has too many', async () => {
    const tokens: string[] = [];
    for (let count = 0; count < TOKENS_PER_USER_MAX + 3; count += 1) {
      fixture.clock.advance(1);
      tokens.push((await signIn(OCTOCAT)).token);
    }
    const isValid = (token: string): boolean => life.accounts.callerOf(token) !== null;
    expect(tokens.map(isValid).indexOf(true)).toBe(3);
    await restart();
    expect(tokens.filter(isValid)).toEqual(tokens.slice(3));
    expect(await life.journal.load('tokens')).toHaveLength(TOKENS_PER_USER_MAX);
  });

  test('is refused while the disk is nearly full', async () => {
    life.store.admission.setStorageLow(true);
    await expect(signIn(OCTOCAT)).rejects.toMatchObject({
      code: 'storage_low',
    });
  });

  test('fails and creates no token when the change cannot be written', async () => {
    await life.journal.close();
    await expect(signIn(OCTOCAT)).rejects.toMatchObject({
      code: 'store_unavailable',
    });
    expect(life.accounts.hasTokens).toBe(false);
  });
});

describe('a login', () => {
  test('that someone else now has no longer belongs to the earlier account', async () => {
    const before = await signIn(OCTOCAT);
    const after = await signIn({ ...OCTOCAT, subject: '999', login: 'octoCAT' });
    for (let start = 0; start < 2; start += 1) {
      const earlier = life.accounts.callerOf(before.token);
      const later = life.accounts.callerOf(after.token);
      expect(earlier?.login).toBe('github:583231');
      expect(later?.login).toBe('octoCAT');
      await restart();
    }
  });

  test('that its account no longer uses can be used by someone else', async () => {
    const { user } = await signIn(OCTOCAT);
    await signIn({ ...OCTOCAT, login: 'renamed' });
    const successor = await signIn({ ...OCTOCAT, subject: '1000' });
    expect(life.accounts.loginOf(successor.user.userId)).toBe('octocat');
    expect(life.accounts.loginOf(user.userId)).toBe('renamed');
  });

  test('is corrected with the account’s next sign-in', async () => {
    const { user } = await signIn(OCTOCAT);
    await signIn({ ...OCTOCAT, subject: '999' });
    expect(life.accounts.loginOf(user.userId)).toBe('github:583231');
    await signIn({ ...OCTOCAT, login: 'renamed' });
    expect(life.accounts.loginOf(user.userId)).toBe('renamed');
  });

  test('of an unknown account is shown as a neutral word', () => {
    expect(life.accounts.loginOf('c0ffee00-0000-4000-8000-000000000000')).toBe('unknown');
    expect(life.accounts.loginOf('__proto__')).toBe('unknown');
  });
});

describe('identifying the caller', () => {
  test('refuses text that is not a token', () => {
    for (const text of ['', 'octo_', 'x', '__proto__', makeToken(), 'ba7816bf8f01cfea']) {
      expect(life.accounts.callerOf(text)).toBeNull();
    }
  });

  test('refuses a hash from the database', async () => {
    await signIn(OCTOCAT);
    const [row] = await life.journal.load('tokens');
    expect(life.accounts.callerOf(row?.tokenHash ?? '')).toBeNull();
  });
});

describe('an admin', () => {
  test('is the GitHub account that ADMIN_USERS names, in upper or lower case, and no other account with that name', async () => {
    await restart({ ...GITHUB, ADMIN_USERS: 'OCTOCAT, ada', STATIC_TOKENS: 'octocat:one,ada:two' });
    const isAdmin = (token: string): boolean => {
      const caller = life.accounts.callerOf(token);
      if (caller === null) throw new Error('not a valid token');
      return life.accounts.isAdmin(caller);
    };
    expect(isAdmin((await signIn(OCTOCAT)).token)).toBe(true);
    expect(isAdmin((await signIn({ ...OCTOCAT, subject: '2', login: 'bob' })).token)).toBe(false);
    expect(isAdmin('one')).toBe(false);
    expect(isAdmin('two')).toBe(false);
  });
});

describe('rotation', () => {
  test('replaces the old token with a new one, also after a restart', async () => {
    const { user, token } = await signIn(OCTOCAT);
    const next = await rotate(token);
    for (let start = 0; start < 2; start += 1) {
      expect(life.accounts.callerOf(token)).toBeNull();
      expect(life.accounts.callerOf(next)?.userId).toBe(user.userId);
      await restart();
    }
    expect(await life.journal.load('tokens')).toHaveLength(1);
  });

  test('leaves the account’s other tokens alone', async () => {
    const first = await signIn(OCTOCAT);
    const second = await signIn(OCTOCAT);
    await rotate(first.token);
    expect(life.accounts.callerOf(second.token)).not.toBeNull();
  });

  test('of the same token at the same time succeeds once', async () => {
    const { token } = await signIn(OCTOCAT);
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => rotate(token)));
    const [winner, ...others] = outcomes.toSorted((a, b) => a.status.localeCompare(b.status));
    expect(winner?.status).toBe('fulfilled');
    for (const other of others) expect(other).toMatchObject({ reason: { code: 'unauthorized' } });
    expect(await life.journal.load('tokens')).toHaveLength(1);
  });

  test('keeps the old token until the new one is durable', async () => {
    const { token } = await signIn(OCTOCAT);
    const rotating = rotate(token);
    expect(life.accounts.callerOf(token)).not.toBeNull();
    await rotating;
    expect(life.accounts.callerOf(token)).toBeNull();
  });

  test('of an unknown token is unauthorized', async () => {
    await expect(rotate(makeToken())).rejects.toMatchObject({ code: 'unauthorized' });
    await expect(rotate('octo_typo')).rejects.toMatchObject({ code: 'unauthorized' });
  });

  test('still works while the disk is nearly full, because it frees as much space as it uses', async () => {
    const { token } = await signIn(OCTOCAT);
    life.store.admission.setStorageLow(true);
    expect(life.accounts.callerOf(await rotate(token))).not.toBeNull();
  });
});

describe('a static user', () => {
  const ADA = { STATIC_TOKENS: 'ada:first-token,ada:second-token,bob:token-of-bob' };

  test('is recognized by each configured token, and stays the same account', async () => {
    await restart(ADA);
    const ada = life.accounts.callerOf('first-token');
    expect(ada?.login).toBe('ada');
    expect(life.accounts.callerOf('second-token')?.userId).toBe(ada?.userId);
    expect(life.accounts.callerOf('token-of-bob')?.userId).not.toBe(ada?.userId);
    await restart({ STATIC_TOKENS: 'ada:third-token' });
    expect(life.accounts.callerOf('third-token')?.userId).toBe(ada?.userId);
    expect(life.accounts.callerOf('first-token')).toBeNull();
  });

  test('whose token was rotated can no longer use it, also after a restart', async () => {
    await restart(ADA);
    const next = await rotate('first-token');
    for (let start = 0; start < 3; start += 1) {
      expect(life.accounts.callerOf('first-token')).toBeNull();
      expect(life.accounts.callerOf('second-token')).not.toBeNull();
      expect(life.accounts.callerOf(next)?.login).toBe('ada');
      await restart(ADA);
    }
  });

  test('that the configuration no longer names is shut out', async () => {
    await restart(ADA);
    const next = await rotate('first-token');
    const afterThat = await rotate(next);
    await restart({ STATIC_TOKENS: 'bob:token-of-bob' });
    for (const token of ['first-token', 'second-token', next, afterThat]) {
      expect(life.accounts.callerOf(token)).toBeNull();
    }
    expect(life.accounts.callerOf('token-of-bob')).not.toBeNull();
  });

  test('may get a token that another account had', async () => {
    const { token } = await signIn(OCTOCAT);
    await restart({ ...GITHUB, STATIC_TOKENS: `ada:${token}` });
    expect(life.accounts.callerOf(token)?.login).toBe('ada');
  });
});

test('no token is ever stored in the files of the database', async () => {
  await restart({ ...GITHUB, STATIC_TOKENS: 'ada:static-secret-of-ada' });
  const tokens = ['static-secret-of-ada', await rotate('static-secret-of-ada')];
  for (let count = 0; count < 50; count += 1) {
    const { token } = await signIn({
      ...OCTOCAT,
      subject: String(count),
      login: `user-${count}`,
    });
    tokens.push(token, await rotate(token));
  }
  const folder = dirname(fixture.databasePath);
  const bytes = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'));
  expect(bytes.join('')).toContain('user-49');
  for (const token of tokens) {
    expect(bytes.some((text) => text.includes(token))).toBe(false);
    expect(bytes.some((text) => text.includes(token.slice(5, 37)))).toBe(false);
  }
});

describe('concurrent changes', () => {
  let first: IssuedToken;

  /** What is known about the only valid token. */
  function onlyToken(): ValidToken {
    const [only] = life.accounts.validTokens();
    if (only === undefined) throw new Error('there is no token');
    return only;
  }

  test('a token that is being revoked cannot be rotated into a valid one', async () => {
    const { token } = await signIn(OCTOCAT);
    const revoking = life.accounts.changes.revoke(onlyToken(), SERVER_ORIGIN);
    await expect(rotate(token)).rejects.toMatchObject({ code: 'unauthorized' });
    await revoking;
    expect(life.accounts.validTokens()).toEqual([]);
  });

  test('a token that is being rotated can no longer be revoked', async () => {
    const { token } = await signIn(OCTOCAT);
    const old = onlyToken();
    const rotating = rotate(token);
    await expect(life.accounts.changes.revoke(old, SERVER_ORIGIN)).rejects.toMatchObject({
      code: 'token_not_found',
    });
    // The caller can now find the new token.
    expect(life.accounts.callerOf(await rotating)).not.toBeNull();
    expect(onlyToken().tokenHash).not.toBe(old.tokenHash);
  });

  test('of two revocations one finds the token, and both settle only when it is revoked', async () => {
    await signIn(OCTOCAT);
    const valid = onlyToken();
    const [first, second] = await Promise.allSettled([
      life.accounts.changes.revoke(valid, SERVER_ORIGIN),
      life.accounts.changes
        .revoke(valid, SERVER_ORIGIN)
        .finally(() => expect(life.accounts.validTokens()).toEqual([])),
    ]);
    expect(first.status).toBe('fulfilled');
    expect(second).toMatchObject({ reason: { code: 'token_not_found' } });
  });

  test.each([
    ['rotation', () => rotate(first.token)],
    ['sign-in', async () => (await signIn(OCTOCAT)).token],
  ])('revoking all tokens also revokes the token of a %s in progress', async (_, make) => {
    first = await signIn(OCTOCAT);
    const second = await signIn(OCTOCAT);
    const bob = await signIn({ ...OCTOCAT, subject: '2', login: 'bob' });
    const made = make();
    const revoked = await life.accounts.changes.revokeAllOf(first.user, SERVER_ORIGIN);
    for (const token of [first.token, second.token, await made]) {
      expect(life.accounts.callerOf(token)).toBeNull();
    }
    expect(revoked.map(({ tokenHash }) => tokenHash)).toContain(hashToken(second.token));
    await restart();
    expect(life.accounts.validTokens()).toEqual([bob.facts]);
    expect(await life.journal.load('tokens')).toHaveLength(1);
  });

  test('revoking all tokens permanently revokes the configured ones', async () => {
    const environment = { STATIC_TOKENS: 'ada:first-token,ada:second-token,bob:token-of-bob' };
    await restart(environment);
    const ada = life.accounts.usersNamed({ provider: null, login: 'ada' })[0];
    if (ada === undefined) throw new Error('ada is unknown');
    expect(await life.accounts.changes.revokeAllOf(ada, SERVER_ORIGIN)).toHaveLength(2);
    await restart(environment);
    expect(life.accounts.validTokens()).toMatchObject([{ tokenHash: hashToken('token-of-bob') }]);
  });

  test('tokens are issued up to the limit, and no further', async () => {
    const attempts = TOKENS_PER_USER_MAX + 5;
    const all = await Promise.allSettled(
      Array.from({ length: attempts }, () => life.accounts.changes.issue(OCTOCAT, NO_TERMS, SERVER_ORIGIN)),
    );
    expect(all.filter(({ status }) => status === 'rejected')).toHaveLength(5);
    expect(life.accounts.validTokens()).toHaveLength(TOKENS_PER_USER_MAX);
  });

  test('many sign-ins leave exactly as many tokens as allowed', async () => {
    const attempts = TOKENS_PER_USER_MAX + 5;
    await Promise.all(Array.from({ length: attempts - 6 }, () => signIn(OCTOCAT)));
    await Promise.all(Array.from({ length: 6 }, () => signIn(OCTOCAT)));
    expect(life.accounts.validTokens()).toHaveLength(TOKENS_PER_USER_MAX);
  });
});
