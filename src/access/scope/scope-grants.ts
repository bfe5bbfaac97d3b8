import { z } from 'zod';
import { listOf, lockPattern, policyAction } from '../policy/policy-document.js';

/** How many grants, and how many patterns in all of them together, the scopes of a token may have. */
export const SCOPE_GRANTS_MAX = 20;
export const SCOPE_PATTERNS_MAX = 50;

/** The most characters of all patterns of a token together. Users make tokens, so what one costs in memory is bounded. */
export const SCOPE_CHARACTERS_MAX = 2_048;

/** What a token may do: a grant of a policy, without its subjects. */
export const scopeGrant = z.strictObject(
  { may: listOf(policyAction), on: listOf(lockPattern) },
  'must be a grant with may and on',
);

export type ScopeGrant = z.infer<typeof scopeGrant>;

/** The form in which scopes are stored. */
export function storedScope(grants: readonly ScopeGrant[]): string {
  return JSON.stringify(grants.map(({ may, on }) => ({ may, on })));
}

/** Reads stored scopes. What cannot be read grants nothing, so an edited or newer row never allows more. */
export function readStoredScope(text: string): ScopeGrant[] {
  const entries = parsed(text);
  if (!Array.isArray(entries)) return [];
  return entries.flatMap((entry) => scopeGrant.safeParse(entry).data ?? []);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
