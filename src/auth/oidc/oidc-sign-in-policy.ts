import type { Confirmed } from '../memberships/memberships.js';
import type { OidcProfile } from './oidc-profile.js';
import type { OidcSettings } from './oidc-settings.js';

/**
 * Decides whether a user of the provider may sign in: anyone on one of the lists, or anyone at all if there are no lists. Null if
 * the user may not.
 */
export function judged(
  profile: OidcProfile,
  settings: Pick<OidcSettings, 'issuer' | 'allowed'>,
): Pick<Confirmed, 'groups' | 'basis'> | null {
  const groups = profile.groups.map((group) => `group:${group}`);
  if (isAllowedAnyway(profile, settings)) return { groups, basis: 'any' };
  const isInGroup = profile.groups.some((group) => settings.allowed.groups.includes(group));
  return isInGroup ? { groups, basis: 'group' } : null;
}

/** Whether a user may sign in whatever their groups. */
function isAllowedAnyway(
  { identity, emailDomain }: OidcProfile,
  { issuer, allowed }: Pick<OidcSettings, 'issuer' | 'allowed'>,
): boolean {
  const { groups, emailDomains, subjects } = allowed;
  if (groups.length + emailDomains.length + subjects.length === 0) return true;
  if (subjects.some((subject) => identity.subject === `${issuer}:${subject}`)) return true;
  return emailDomain !== null && emailDomains.includes(emailDomain);
}
