/** The prefix of an entry that names a GitHub account by its numeric id instead of its login. */
export const ACCOUNT_ID_PREFIX = 'id:';

const ACCOUNT_ID = /^id:[1-9][0-9]{0,18}$/;

/** The rule, as the rest of a sentence that begins with the name of a setting. */
export const ACCOUNT_NAME_RULE = 'must list GitHub logins, or numeric account ids such as id:1234';

/** The kinds of other accounts that can be administrators. No account of a service can: its owners make its tokens. */
const OTHER_ACCOUNT = /^(?:static:[^\s,:]+|local:[^\s,:]+|oidc:https?:\/\/\S+:\S+)$/;

/** Whether an entry of `ADMIN_USERS` names an account that is not GitHub's, by where it comes from. */
export function isOtherAccount(entry: string): boolean {
  return OTHER_ACCOUNT.test(entry);
}

/** The rule of `ADMIN_USERS`, in the same form. */
export const ADMINISTRATOR_NAME_RULE =
  'must list GitHub logins, numeric account ids such as id:1234, or other accounts as static:NAME, local:NAME or oidc:ISSUER:SUBJECT';

/** Whether an entry has the shape of a login or of an id. No login has a colon. */
export function isAccountName(entry: string): boolean {
  return ACCOUNT_ID.test(entry) || !entry.includes(':');
}
