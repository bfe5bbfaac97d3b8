/** The groups that an account is known to belong to, and how that is known. */
export interface MembershipRow {
  userId: string;

  /** A JSON list of policy subjects, such as `["org:acme","team:acme/platform"]`. */
  groups: string;

  /** Whether the account may only sign in because of one of its groups. */
  basis: 'any' | 'group';

  /** With `ended`, the tokens of the account do not work until its membership is confirmed again. */
  state: 'active' | 'ended';

  /** What the provider is asked with, encrypted. Null if it cannot be asked without the user. */
  credential: string | null;

  /** When the provider last confirmed the groups, in wall-clock milliseconds. */
  checkedAt: number;

  /** The sequence of the last event before the groups last changed. */
  afterSequence: number;
}
