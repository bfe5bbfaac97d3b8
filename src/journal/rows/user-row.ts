/** An account. Times are in wall-clock milliseconds. */
export interface UserRow {
  userId: string;

  /** The source of the account. */
  provider: 'github' | 'static' | 'local' | 'service' | 'oidc';

  /**
   * What identifies the account at that provider: GitHub's numeric id, the configured name, or the issuer and the subject of a token
   * with a colon between them. Another one once the account has been deleted. Unique together with `provider`.
   */
  subject: string;

  login: string;

  avatarUrl: string | null;

  createdAt: number;
}
