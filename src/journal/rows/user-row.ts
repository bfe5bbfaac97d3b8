/** An account. Times are in wall-clock milliseconds. */
export interface UserRow {
  userId: string;

  /** The source of the account. */
  provider: 'github' | 'static' | 'local';

  /**
   * What identifies the account at that provider: GitHub's numeric id, or the configured name. Unique together with
   * `provider`.
   */
  subject: string;

  login: string;

  avatarUrl: string | null;

  createdAt: number;
}
