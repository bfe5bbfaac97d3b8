/** What an entry begins with that names a GitHub account by its numeric id instead of its login. */
export const ACCOUNT_ID_PREFIX = 'id:';

const ACCOUNT_ID = /^id:[1-9][0-9]{0,18}$/;

/** The rule, to follow the name of a setting in a sentence. */
export const ACCOUNT_NAME_RULE = 'must list GitHub logins, or numeric ids of accounts such as id:1234';

/** Whether an entry is a login as far as its shape goes, or an id. No login has a colon. */
export function isAccountName(entry: string): boolean {
  return ACCOUNT_ID.test(entry) || !entry.includes(':');
}
