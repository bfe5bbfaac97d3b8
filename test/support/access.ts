import { Access } from '../../src/access/access.js';
import { Policy } from '../../src/access/policy/policy.js';
import { readPolicy } from '../../src/access/policy/read-policy.js';

/** Access without a policy. */
export function openAccess(): Access {
  return new Access({ user: () => null, loginsOf: () => [] });
}

/** A policy that must have no mistakes. */
export function policyOf(text: string): Policy {
  const { document, mistakes } = readPolicy(text);
  if (document === null) throw new Error(mistakes.map(({ message }) => message).join(' '));
  return new Policy(document);
}
