/** An account, as far as policies look at it. */
export interface Principal {
  readonly provider: 'github' | 'static' | 'local' | 'service' | 'oidc';
  /** GitHub's numeric id, the name of the account, or the issuer and the subject of a token with a colon between them. */
  readonly subject: string;
  /** The GitHub logins that stand for the account. */
  readonly logins: readonly string[];
  /** The groups that the account is known to belong to now, such as `org:acme`, as `subjectKey` writes them. */
  readonly groups: readonly string[];
}

export const EVERYONE = 'everyone';

/** The subjects of a policy that an account matches, as `subjectKey` writes them. The most specific one is first. */
export function subjectsOf({ provider, subject, logins, groups }: Principal): readonly string[] {
  if (provider !== 'github') return [`${provider}:${subject}`, ...groups, EVERYONE];
  const names = logins.map((login) => `github:${login.toLowerCase()}`);
  return [`github:id:${subject}`, ...names, ...groups, EVERYONE];
}
