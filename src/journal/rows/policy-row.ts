/** A version of the access policy. The one with the highest number is in force. */
export interface PolicyRow {
  version: number;

  /** The policy as it was sent, in YAML or JSON. Null if this version removed the policy. */
  text: string | null;

  /** The user who applied it. Null if it was someone with the admin key. */
  appliedBy: string | null;

  /** In milliseconds since 1970. */
  appliedAt: number;

  /** The sequence of the last event before it was applied. */
  afterSequence: number;
}
