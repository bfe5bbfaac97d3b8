import type { UserRow } from '../../journal/rows/user-row.js';
import type { MembershipRow } from '../../journal/rows/membership-row.js';

/** What a provider answers about an account. */
export type MembershipAnswer =
  | {
      readonly kind: 'confirmed';
      readonly groups: readonly string[];
      readonly basis: MembershipRow['basis'];
      /** What to ask with the next time. */
      readonly credential: string;
    }
  /** The account may not sign in any longer. */
  | { readonly kind: 'excluded' }
  /** The provider no longer accepts the credential. */
  | { readonly kind: 'revoked' }
  /** The provider did not give a usable answer. It is not asked again for a while. */
  | { readonly kind: 'unanswered'; readonly retryAfterMs: number | null };

/** A provider that can be asked again about the groups of an account that has signed in with it. */
export interface MembershipSource {
  readonly provider: UserRow['provider'];
  ask(user: Readonly<UserRow>, credential: string): Promise<MembershipAnswer>;
  /** The groups that are asked for by name. Null if the provider names all groups of an account. */
  askedFor(): ReadonlySet<string> | null;
}
