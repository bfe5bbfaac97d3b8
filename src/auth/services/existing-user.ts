import { OctoStoreError } from '../../errors/octostore-error.js';
import type { UserRow } from '../../journal/rows/user-row.js';
import type { Accounts } from '../accounts.js';
import { parseNamedUser } from '../tokens/named-user.js';
import { qualifiedLogin } from '../tokens/token-facts.js';

/** The one account that an administrator names, to make it an owner. Throws `validation_failed`, `user_not_found` and `user_ambiguous`. */
export function existingUser(text: string, accounts: Accounts): Readonly<UserRow> {
  const [user, ...others] = accounts.usersToEntrust(parseNamedUser(text));
  if (user === undefined) {
    throw new OctoStoreError('user_not_found', {
      details: `No account on this server is named ${text}. Check the name, or have the user sign in once. A login alone names no account of OpenID Connect: use oidc:ISSUER:SUBJECT.`,
    });
  }
  if (others.length > 0) {
    const names = [user, ...others].map(qualifiedLogin).join(', ');
    throw new OctoStoreError('user_ambiguous', { details: `Use one of ${names}.` });
  }
  return user;
}
