import { SERVER_ORIGIN } from '../../src/audit/origin.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConfigError, loadConfig } from '../../src/config/config.js';
import { RowChanges } from '../../src/journal/row-changes.js';
import { AccountsFixture, OCTOCAT, type Life } from './accounts-fixture.js';

const GITHUB = { GITHUB_CLIENT_ID: 'id', GITHUB_CLIENT_SECRET: 'secret' };

/** Another account, with the login that Octocat no longer uses. */
const IMPOSTOR = { ...OCTOCAT, subject: '999', login: 'octoCAT' } as const;

let fixture: AccountsFixture;
let life: Life;

async function restart(environment: Record<string, string>): Promise<void> {
  await life.end();
  life = await fixture.start({ ...GITHUB, ...environment });
}

function isAdmin(token: string): boolean {
  const caller = life.accounts.callerOf(token);
  return caller !== null && life.accounts.isAdmin(caller);
}

beforeEach(async () => {
  fixture = new AccountsFixture();
  life = await fixture.start(GITHUB);
});

afterEach(async () => {
  await life.end();
  fixture.remove();
});

test.each(['service:ci', 'static:', 'static:a:b', 'oidc:login.example.com:x', 'everyone:x'])(
  'an administrator cannot be written as %s',
  (entry) => {
    expect(() => loadConfig({ ADMIN_USERS: `ada,${entry}` })).toThrow(
      /static:NAME, local:NAME or oidc:ISSUER:SUBJECT/,
    );
  },
);

test('an administrator is also any other account that ADMIN_USERS names by where it comes from', async () => {
  const issuer = 'https://login.example.com';
  await restart({
    ADMIN_USERS: `static:ada,oidc:${issuer}:00u1`,
    STATIC_TOKENS: 'ada:one,bob:two',
  });
  const { accounts } = life;
  const isAdmin = (provider: 'github' | 'static' | 'oidc' | 'local', subject: string): boolean =>
    accounts.isAdministrator({ provider, subject });
  expect([isAdmin('static', 'ada'), isAdmin('static', 'bob')]).toEqual([true, false]);
  expect([isAdmin('oidc', `${issuer}:00u1`), isAdmin('oidc', `${issuer}:00u12`)]).toEqual([true, false]);
  expect([isAdmin('local', 'ada'), isAdmin('github', 'ada'), isAdmin('oidc', 'ada')]).toEqual([
    false,
    false,
    false,
  ]);
  const caller = accounts.callerOf('one');
  expect(caller !== null && accounts.isAdmin(caller)).toBe(true);
});

describe('a login in ADMIN_USERS', () => {
  test('belongs to the account that used it first, even if that account is renamed, also after a restart', async () => {
    await restart({ ADMIN_USERS: 'OctoCat' });
    const { token } = await life.accounts.changes.signIn(OCTOCAT, SERVER_ORIGIN);
    await life.accounts.changes.signIn({ ...OCTOCAT, login: 'renamed' }, SERVER_ORIGIN);
    for (let start = 0; start < 2; start += 1) {
      expect(isAdmin(token)).toBe(true);
      await expect(life.accounts.changes.signIn(IMPOSTOR, SERVER_ORIGIN)).rejects.toMatchObject({
        code: 'sign_in_not_allowed',
        details: expect.stringContaining('id:999') as unknown,
      });
      await restart({ ADMIN_USERS: 'OctoCat' });
    }
    expect(await life.journal.load('users')).toHaveLength(1);
  });

  test('belongs to the account that already has it when the login is first configured', async () => {
    const { token } = await life.accounts.changes.signIn(OCTOCAT, SERVER_ORIGIN);
    await restart({ ADMIN_USERS: 'octocat' });
    expect(isAdmin(token)).toBe(true);
    expect(await life.journal.load('login_pins')).toMatchObject([{ login: 'octocat', subject: '583231' }]);
    await expect(life.accounts.changes.signIn(IMPOSTOR, SERVER_ORIGIN)).rejects.toMatchObject({
      code: 'sign_in_not_allowed',
    });
  });

  test('belongs to only one of two accounts that sign in with it at the same time', async () => {
    await restart({ ADMIN_USERS: 'octocat' });
    const outcomes = await Promise.allSettled([
      life.accounts.changes.signIn(OCTOCAT, SERVER_ORIGIN),
      life.accounts.changes.signIn(IMPOSTOR, SERVER_ORIGIN),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(await life.journal.load('login_pins')).toMatchObject([{ subject: '583231' }]);
  });

  test('keeps its account when it is removed from the configuration and added again', async () => {
    await restart({ ADMIN_USERS: 'octocat' });
    await life.accounts.changes.signIn(OCTOCAT, SERVER_ORIGIN);
    await restart({});
    await life.accounts.changes.signIn(IMPOSTOR, SERVER_ORIGIN);
    await restart({ ADMIN_USERS: 'octocat' });
    const { token } = await life.accounts.changes.signIn(OCTOCAT, SERVER_ORIGIN);
    expect(isAdmin(token)).toBe(true);
    await expect(life.accounts.changes.signIn(IMPOSTOR, SERVER_ORIGIN)).rejects.toMatchObject({
      code: 'sign_in_not_allowed',
    });
  });

  test('makes no account an admin except the one it is pinned to', async () => {
    const { token } = await life.accounts.changes.signIn(IMPOSTOR, SERVER_ORIGIN);
    await life.store.write(
      new RowChanges().put('login_pins', { login: 'octocat', subject: '583231', createdAt: 1 }),
    );
    await restart({ ADMIN_USERS: 'octocat' });
    expect(life.accounts.callerOf(token)?.login).toBe('octoCAT');
    expect(isAdmin(token)).toBe(false);
  });
});

describe('an id', () => {
  test('names an account whatever its login is', async () => {
    await restart({ ADMIN_USERS: 'id:583231' });
    const { token } = await life.accounts.changes.signIn({ ...OCTOCAT, login: 'anything' }, SERVER_ORIGIN);
    const other = await life.accounts.changes.signIn(IMPOSTOR, SERVER_ORIGIN);
    expect([isAdmin(token), isAdmin(other.token)]).toEqual([true, false]);
    expect(await life.journal.load('login_pins')).toEqual([]);
  });

  test('lets in the new owner of a login that is pinned to another account', async () => {
    await restart({ ADMIN_USERS: 'octocat' });
    await life.accounts.changes.signIn(OCTOCAT, SERVER_ORIGIN);
    await restart({ ADMIN_USERS: 'octocat,id:999' });
    expect(isAdmin((await life.accounts.changes.signIn(IMPOSTOR, SERVER_ORIGIN)).token)).toBe(true);
  });

  test.each(['id:', 'id:0', 'id:x', 'id:-1', 'id:1x', 'ID:1', 'github:ada', 'id:12345678901234567890'])(
    'cannot be written as %s',
    (entry) => {
      for (const setting of ['ADMIN_USERS', 'GITHUB_ALLOWED_USERS']) {
        expect(() => loadConfig({ [setting]: `ada,${entry}` })).toThrow(ConfigError);
      }
    },
  );
});

test('the allow-list applies to the account that a login is pinned to', async () => {
  const environment = { GITHUB_ALLOWED_USERS: 'octocat,id:7' };
  await restart(environment);
  const { named } = life.accounts;
  expect([OCTOCAT, IMPOSTOR].map((identity) => named.isAllowed(identity))).toEqual([true, true]);
  await life.accounts.changes.signIn(OCTOCAT, SERVER_ORIGIN);
  await restart(environment);
  const isAllowed = [
    { ...OCTOCAT, login: 'renamed' },
    IMPOSTOR,
    { ...OCTOCAT, subject: '7', login: 'any' },
    { ...OCTOCAT, subject: '8', login: 'any' },
  ].map((identity) => life.accounts.named.isAllowed(identity));
  expect(isAllowed).toEqual([true, false, true, false]);
});
