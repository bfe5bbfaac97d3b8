import { SERVER_ORIGIN } from '../../src/audit/origin.js';
import { afterEach, expect, test } from 'vitest';
import { Access } from '../../src/access/access.js';
import { readPolicy } from '../../src/access/policy/read-policy.js';
import type { UserId } from '../../src/core/model/ids.js';
import { PolicyVersions, type UsablePolicy } from '../../src/policy/policy-versions.js';
import { AccountsFixture, type Life } from './accounts-fixture.js';

const fixture = new AccountsFixture();
let life: Life | null = null;

afterEach(async () => {
  await life?.end();
  life = null;
});

async function start(): Promise<{ life: Life; access: Access; policies: PolicyVersions }> {
  const begun = await fixture.start();
  life = begun;
  const { accounts, journal, store } = begun;
  const access = new Access({
    user: (userId) => accounts.user(userId),
    loginsOf: (account) => accounts.named.loginsOf(account),
  });
  const policies = await PolicyVersions.open({ journal, store, clock: fixture.clock, accounts, access });
  return { life: begun, access, policies };
}

function policyFor(login: string): UsablePolicy {
  const text = `grants: [{ to: ["github:${login}"], may: [observe], on: ["*"] }]`;
  const { document, grantLines } = readPolicy(text);
  if (document === null) throw new Error('the policy has mistakes');
  return { text, document, grantLines };
}

async function signIn({ accounts }: Life, subject: string, login: string): Promise<UserId> {
  const identity = { provider: 'github', subject, login, avatarUrl: null } as const;
  return (await accounts.changes.signIn(identity, SERVER_ORIGIN)).user.userId as UserId;
}

const LOCK = { lockName: 'a' };

test('a login in the policy stands for the first account that uses it, even after it has passed to someone else', async () => {
  const first = await start();
  await first.policies.apply(policyFor('Ada'), null, SERVER_ORIGIN);
  const ada = await signIn(first.life, '1', 'ada');
  expect(first.access.may({ userId: ada, scope: null }, 'observe', LOCK)).toBe(true);
  await signIn(first.life, '1', 'ada-lovelace');
  expect(first.access.may({ userId: ada, scope: null }, 'observe', LOCK)).toBe(true);
  await expect(signIn(first.life, '2', 'ada')).rejects.toMatchObject({ code: 'sign_in_not_allowed' });
  await first.life.end();

  const second = await start();
  expect(second.access.may({ userId: ada, scope: null }, 'observe', LOCK)).toBe(true);
  await expect(signIn(second.life, '2', 'ada')).rejects.toMatchObject({ code: 'sign_in_not_allowed' });
});

test('a login that is new in the policy is pinned to the account that already has it', async () => {
  const { life: begun, access, policies } = await start();
  const grace = await signIn(begun, '3', 'grace');
  await policies.apply(policyFor('grace'), null, SERVER_ORIGIN);
  expect(access.may({ userId: grace, scope: null }, 'observe', LOCK)).toBe(true);
  await expect(signIn(begun, '4', 'grace')).rejects.toMatchObject({ code: 'sign_in_not_allowed' });
});

test('once the policy no longer names a login, someone else may sign in with it, without its grants', async () => {
  const { life: begun, access, policies } = await start();
  await policies.apply(policyFor('linus'), null, SERVER_ORIGIN);
  const linus = await signIn(begun, '5', 'linus');
  await policies.apply(policyFor('someone-else'), null, SERVER_ORIGIN);
  const other = await signIn(begun, '6', 'linus');
  await policies.apply(policyFor('linus'), null, SERVER_ORIGIN);
  const may = (userId: UserId): boolean => access.may({ userId, scope: null }, 'observe', LOCK);
  expect([may(linus), may(other)]).toEqual([true, false]);
});

test('a policy in the database that is none keeps the server from starting', async () => {
  const { life: begun, policies } = await start();
  await policies.apply({ ...policyFor('ada'), text: 'no policy' }, null, SERVER_ORIGIN);
  await begun.end();
  await expect(start()).rejects.toThrow('a row of the table "policies" is not valid');
});
