import type { Principal } from '../access/policy/principal.js';
import type { Accounts } from '../auth/accounts.js';
import { parseNamedUser } from '../auth/tokens/named-user.js';
import { qualifiedLogin } from '../auth/tokens/token-facts.js';
import { OctoStoreError } from '../errors/octostore-error.js';
import type { UserRow } from '../journal/rows/user-row.js';

/** A user about whom an administrator asks. The account may not exist yet. */
export interface PolicyUser {
  readonly name: string;
  readonly principal: Principal;
  /** Whether the user is an administrator of the installation. */
  readonly isAdministrator: boolean;
}

/** The kinds of users that exist before they are granted anything. Others may sign in later. */
const MADE_HERE = /^(?:static|local|service):/;

/** Whether a subject of a policy names a user of this server who does not exist, or can no longer use tokens. */
export function isUnknownUser(subject: string, accounts: Accounts): boolean {
  if (!MADE_HERE.test(subject)) return false;
  return !accounts
    .usersNamed(parseNamedUser(subject))
    .some((user) => accounts.mayUseTokens(user) && !accounts.isDeleted(accounts.idOf(user)));
}

const BY_ID = /^github:id:(\d{1,20})$/;

/** Throws `validation_failed`, `user_not_found` and `user_ambiguous`. */
export function policyUser(text: string, accounts: Accounts): PolicyUser {
  const id = BY_ID.exec(text)?.[1];
  const found = id === undefined ? accountNamed(text, accounts) : accounts.gitHubUser(id);
  if (found !== null) return userOf(found, accounts);
  return { name: text, principal: unknownPrincipal(text, id), isAdministrator: false };
}

function userOf(account: Readonly<UserRow>, accounts: Accounts): PolicyUser {
  const { provider, subject } = account;
  return {
    name: qualifiedLogin(account),
    principal: {
      provider,
      subject,
      logins: accounts.loginsOf(account),
      groups: accounts.memberships.groupsOf(accounts.idOf(account)),
    },
    isAdministrator: accounts.isAdministrator(account),
  };
}

function accountNamed(text: string, accounts: Accounts): Readonly<UserRow> | null {
  const named = parseNamedUser(text);
  const users = accounts.usersNamed(named);
  if (users.length > 1) {
    const names = users.map(qualifiedLogin).join(', ');
    throw new OctoStoreError('user_ambiguous', { details: `Use one of ${names}.` });
  }
  if (users[0] === undefined && named.provider === null) {
    throw new OctoStoreError('user_not_found', {
      details: `No account on this server is named ${text}. To ask about someone who has not signed in yet, say where the account comes from, such as github:${text}.`,
    });
  }
  return users[0] ?? null;
}

/** Someone who has not signed in yet. */
function unknownPrincipal(text: string, id: string | undefined): Principal {
  if (id !== undefined) return { provider: 'github', subject: id, logins: [], groups: [] };
  const { login, provider } = parseNamedUser(text);
  return provider === 'github' || provider === null
    ? { provider: 'github', subject: '', logins: [login], groups: [] }
    : { provider, subject: login, logins: [], groups: [] };
}
