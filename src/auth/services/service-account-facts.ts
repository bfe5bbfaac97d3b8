import type { UserId } from '../../core/model/ids.js';
import type { Accounts } from '../accounts.js';
import { qualifiedLogin } from '../tokens/token-facts.js';
import type { ServiceAccount } from './service-accounts.js';

/** An owner of a service account. */
export interface OwnerFacts {
  /** The source of the account, and its login. */
  readonly user: string;
  readonly user_id: string;
  /** Whether the owner has a valid token now. Without one, the owner can do nothing. */
  readonly has_token: boolean;
}

/** A service account, as administrators and its owners see it. */
export interface ServiceAccountFacts {
  readonly name: string;
  /** How a policy names it, such as `service:ci`. */
  readonly user: string;
  readonly user_id: string;
  readonly created_at: string;
  readonly owners: OwnerFacts[];
  /** Whether any owner has a valid token now. */
  readonly has_active_owner: boolean;
}

/** Empty if the account has just been deleted. */
export function serviceAccountFacts(
  { userId, owners }: ServiceAccount,
  accounts: Accounts,
): ServiceAccountFacts[] {
  const user = accounts.user(userId);
  if (user === null) return [];
  const present = owners.flatMap((owner) => ownerFacts(owner, accounts));
  return [
    {
      name: user.subject,
      user: qualifiedLogin(user),
      user_id: userId,
      created_at: new Date(user.createdAt).toISOString(),
      owners: present,
      has_active_owner: present.some(({ has_token }) => has_token),
    },
  ];
}

function ownerFacts(userId: UserId, accounts: Accounts): OwnerFacts[] {
  const user = accounts.user(userId);
  if (user === null) return [];
  return [{ user: qualifiedLogin(user), user_id: userId, has_token: accounts.hasValidToken(userId) }];
}
