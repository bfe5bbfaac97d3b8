import { includesPattern } from '../patterns/pattern-inclusion.js';
import { includesRights, NO_RIGHTS, rightsOf, type PolicyAction, type Rights } from '../policy/rights.js';
import type { ScopeGrant } from './scope-grants.js';

/** A part of a grant that scopes do not include. */
export interface TooWide {
  readonly may: readonly PolicyAction[];
  readonly pattern: string;
}

/** The first part of some grants that others do not include. Null if they include all of them. */
export function partOutside(grants: readonly ScopeGrant[], limits: readonly ScopeGrant[]): TooWide | null {
  for (const { may, on } of grants) {
    const pattern = on.find((text) => !includesRights(rightsWithin(text, limits), rightsOf(may)));
    if (pattern !== undefined) return { may, pattern };
  }
  return null;
}

/** The rights that grants give on every name that a pattern matches. */
function rightsWithin(text: string, limits: readonly ScopeGrant[]): Rights {
  return limits
    .filter(({ on }) => on.some((pattern) => includesPattern(pattern, text)))
    .reduce((rights, { may }) => rights | rightsOf(may), NO_RIGHTS);
}
