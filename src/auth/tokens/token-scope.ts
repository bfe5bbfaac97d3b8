import {
  SCOPE_CHARACTERS_MAX,
  SCOPE_GRANTS_MAX,
  SCOPE_PATTERNS_MAX,
  scopeGrant,
  type ScopeGrant,
} from '../../access/scope/scope-grants.js';
import { partOutside } from '../../access/scope/within-scope.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import type { TokenTerms, ValidToken } from './valid-token.js';

/** For scopes that do not come from a request, whose body is validated already. Throws `validation_failed`. */
export function assertValidGrants(grants: readonly unknown[]): void {
  if (grants.length === 0 || grants.length > SCOPE_GRANTS_MAX)
    throw invalid(`The scopes must have 1 to ${SCOPE_GRANTS_MAX} grants.`);
  for (const grant of grants) {
    const [issue] = scopeGrant.safeParse(grant).error?.issues ?? [];
    if (issue !== undefined) throw invalid(`A grant of the scopes is not valid: ${issue.message}.`);
  }
}

/** Throws `validation_failed` if the patterns of all grants together are too many or too long. */
export function assertScopeFits(grants: readonly ScopeGrant[]): void {
  const patterns = grants.flatMap(({ on }) => on);
  const characters = patterns.reduce((sum, pattern) => sum + pattern.length, 0);
  if (patterns.length <= SCOPE_PATTERNS_MAX && characters <= SCOPE_CHARACTERS_MAX) return;
  throw invalid(
    `The scopes may have ${SCOPE_PATTERNS_MAX} patterns with ${SCOPE_CHARACTERS_MAX} characters together. Use fewer, broader patterns.`,
  );
}

/**
 * The terms of a token that another one makes. It has the scopes of its maker if it asks for none, and never more. Throws
 * `scope_too_wide`.
 */
export function withinScopeOf({ scope: limit }: ValidToken, terms: TokenTerms): TokenTerms {
  if (limit === null) return terms;
  if (terms.scope === null) return { ...terms, scope: limit };
  const outside = partOutside(terms.scope.grants, limit.grants);
  if (outside === null) return terms;
  throw new OctoStoreError('scope_too_wide', {
    details: `The scopes of your token do not include ${outside.may.join(', ')} on "${outside.pattern}".`,
  });
}

function invalid(details: string): OctoStoreError {
  return new OctoStoreError('validation_failed', { details });
}
