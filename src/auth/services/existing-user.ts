import { OctoStoreError } from '../../errors/octostore-error.js';
import type { UserRow } from '../../journal/rows/user-row.js';
import type { Accounts } from '../accounts.js';
import { parseNamedUser } from '../tokens/named-user.js';
import { qualifiedLogin } from '../tokens/token-facts.js';

/** The one account that an administrator names. Throws `validation_failed`, `user_not_found` and `user_ambiguous`. */
export function existingUser(text: string, accounts: Accounts): Readonly<UserRow> {
  const { login, provider } = parseNamedUser(text);
  const [user, ...others] = accounts
    .usersWithLogin(login)
    .filter((found) => (provider ?? found.provider) === found.provider);
  if (user === undefined) {
    throw new OctoStoreError('user_not_found', {
      details: `No account on this server is named ${text}. Check the name, or have the user sign in once.`,
    });
  }
  if (others.length > 0) {
    const names = [user, ...others].map(qualifiedLogin).join(', ');
    throw new OctoStoreError('user_ambiguous', { details: `Use one of ${names}.` });
  }
  return user;
}
