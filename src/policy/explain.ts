import { ALLOWED_WITHOUT_POLICY, OF_ADMINISTRATORS } from '../access/may.js';
import { Policy } from '../access/policy/policy.js';
import { subjectKey } from '../access/policy/subject-text.js';
import type { PolicyAction } from '../access/policy/rights.js';
import type { PolicyGrant, PolicyWhy } from './policy.dto.js';
import type { PolicyUser } from './policy-user.js';
import type { UsablePolicy } from './policy-versions.js';

/** How many groups of a user are named in an answer. */
const NAMED_MAX = 20;

/**
 * Says which grants allow a user an action on a lock, or that none does.
 *
 * @param policy null if there is none.
 */
export function explain(
  user: PolicyUser,
  action: PolicyAction,
  lock: string,
  policy: UsablePolicy | null,
): PolicyWhy {
  const grants = policy === null ? [] : grantsIn(policy, user, action, lock);
  const what = `${user.name} ${action} ${lock}`;
  if (grants.length > 0) {
    return { allowed: true, reason: `${linesOf(grants)} ${what}.${groupsIn(user, grants)}`, grants };
  }
  if (user.isAdministrator && OF_ADMINISTRATORS.has(action)) {
    return {
      allowed: true,
      reason: `${user.name} is an administrator, who may ${action} every lock.`,
      grants,
    };
  }
  if (policy !== null) return { allowed: false, reason: `No grant lets ${what}.${allGroups(user)}`, grants };
  return ALLOWED_WITHOUT_POLICY[action]
    ? {
        allowed: true,
        reason: `There is no policy, so every signed-in user may ${action} every lock.`,
        grants,
      }
    : { allowed: false, reason: `There is no policy, so only administrators may ${action} locks.`, grants };
}

function grantsIn(
  { document, grantLines }: UsablePolicy,
  { principal }: PolicyUser,
  action: PolicyAction,
  lock: string,
): PolicyGrant[] {
  return new Policy(document).grantsThatAllow(principal, action, lock).flatMap((index) => {
    const grant = document.grants[index];
    return grant === undefined ? [] : [{ line: grantLines[index] ?? 1, ...grant }];
  });
}

/** Which groups of the user the grants name. */
function groupsIn({ name, principal }: PolicyUser, grants: readonly PolicyGrant[]): string {
  const granted = new Set(grants.flatMap(({ to }) => to.map(subjectKey)));
  return membershipOf(
    name,
    principal.groups.filter((group) => granted.has(group)),
  );
}

/** All groups of the user, so that a missing one is noticed. */
function allGroups({ name, principal }: PolicyUser): string {
  const { groups } = principal;
  const more = groups.length > NAMED_MAX ? [`${groups.length - NAMED_MAX} more`] : [];
  return membershipOf(name, [...groups.slice(0, NAMED_MAX), ...more]);
}

function membershipOf(name: string, groups: readonly string[]): string {
  return groups.length === 0 ? '' : ` ${name} is known to belong to ${groups.join(', ')}.`;
}

function linesOf(grants: readonly PolicyGrant[]): string {
  const lines = grants.map(({ line }) => line).join(', ');
  return grants.length === 1 ? `The grant in line ${lines} lets` : `The grants in lines ${lines} let`;
}
