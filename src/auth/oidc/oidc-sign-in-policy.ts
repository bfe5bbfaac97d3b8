import { OctoStoreError } from '../../errors/octostore-error.js';
import type { OidcProfile } from './oidc-profile.js';
import type { OidcAllowed } from './oidc-settings.js';

/** Why someone may sign in: `group` if only because of a group, `no` if not at all. */
export type Admission = 'anyone' | 'named' | 'group' | 'no';

/** Decides which users of the provider may sign in: anyone on one of the lists, or anyone at all if there are no lists. */
export function admissionOf(
  { identity, groups, emailDomain }: OidcProfile,
  issuer: string,
  allowed: OidcAllowed,
): Admission {
  const { groups: allowedGroups, emailDomains, subjects } = allowed;
  if (allowedGroups.length + emailDomains.length + subjects.length === 0) return 'anyone';
  if (subjects.some((subject) => identity.subject === `${issuer}:${subject}`)) return 'named';
  if (emailDomain !== null && emailDomains.includes(emailDomain)) return 'named';
  return groups.some((group) => allowedGroups.includes(group)) ? 'group' : 'no';
}

/** Throws `sign_in_not_allowed`. */
export function assertAdmitted(admission: Admission): void {
  if (admission === 'no') throw new OctoStoreError('sign_in_not_allowed');
}
