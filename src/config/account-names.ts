/** The prefix of an entry that names a GitHub account by its numeric id instead of its login. */
export const ACCOUNT_ID_PREFIX = 'id:';

const ACCOUNT_ID = /^id:[1-9][0-9]{0,18}$/;

/** The rule, as the rest of a sentence that begins with the name of a setting. */
export const ACCOUNT_NAME_RULE = 'must list GitHub logins, or numeric account ids such as id:1234';

/** Whether an entry has the shape of a login or of an id. No login has a colon. */
export function isAccountName(entry: string): boolean {
  return ACCOUNT_ID.test(entry) || !entry.includes(':');
}
