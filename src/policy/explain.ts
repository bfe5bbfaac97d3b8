import { ALLOWED_WITHOUT_POLICY } from '../access/may.js';
import { Policy } from '../access/policy/policy.js';
import type { PolicyAction } from '../access/policy/rights.js';
import type { PolicyGrant, PolicyWhy } from './policy.dto.js';
import type { PolicyUser } from './policy-user.js';
import type { UsablePolicy } from './policy-versions.js';

/** What an administrator may do on every lock, whatever the policy says. */
const OF_ADMINISTRATORS: ReadonlySet<PolicyAction> = new Set(['break', 'administer']);

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
  if (grants.length > 0) return { allowed: true, reason: `${linesOf(grants)} ${what}.`, grants };
  if (user.isAdministrator && OF_ADMINISTRATORS.has(action)) {
    return {
      allowed: true,
      reason: `${user.name} is an administrator, who may ${action} every lock.`,
      grants,
    };
  }
  if (policy !== null) return { allowed: false, reason: `No grant lets ${what}.`, grants };
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

function linesOf(grants: readonly PolicyGrant[]): string {
  const lines = grants.map(({ line }) => line).join(', ');
  return grants.length === 1 ? `The grant in line ${lines} lets` : `The grants in lines ${lines} let`;
}
