import type { UserRow } from '../../journal/rows/user-row.js';
import type { Identity } from '../user-directory.js';

/** How long a token for emergencies lasts, in seconds: a minute to an hour, and a quarter of an hour by default. */
export const BREAK_GLASS_SECONDS = { min: 60, max: 3600, default: 900 } as const;

const NAME = 'break glass';

/**
 * The account of the tokens for emergencies, which is an administrator. No request can name it and no other account can have its name,
 * because names have no spaces. So only `issueBreakGlass` makes tokens for it, and all of them expire.
 */
export const BREAK_GLASS: Identity = { provider: 'local', subject: NAME, login: NAME, avatarUrl: null };

export function isBreakGlass({ provider, subject }: Pick<UserRow, 'provider' | 'subject'>): boolean {
  return provider === BREAK_GLASS.provider && subject === BREAK_GLASS.subject;
}
