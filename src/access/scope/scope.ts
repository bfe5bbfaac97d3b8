import { NameRights } from '../policy/name-rights.js';
import { hasRight, NO_RIGHTS, rightsOf, type PolicyAction, type Rights } from '../policy/rights.js';
import { storedScope, type ScopeGrant } from './scope-grants.js';

/** How many names each scope remembers with their rights. A token with scopes usually asks for few. */
const REMEMBERED_MAX = 64;

/** Keeps the compiled form of a scope for as long as there is room. */
export interface CompiledScopes {
  get(scope: Scope): NameRights;
}

/** The scopes of a token: what it may do at most, whatever its owner may do. It never changes. */
export class Scope {
  readonly grants: readonly ScopeGrant[];
  readonly #compiled: CompiledScopes;

  constructor(grants: readonly ScopeGrant[], compiled: CompiledScopes) {
    this.grants = grants;
    this.#compiled = compiled;
  }

  /** The form in which it is stored. Scopes with the same text allow the same. */
  get text(): string {
    return storedScope(this.grants);
  }

  rightsOn(name: string): Rights {
    return this.grants.length === 0 ? NO_RIGHTS : this.#compiled.get(this).on(name);
  }

  allows(action: PolicyAction, name: string): boolean {
    return hasRight(this.rightsOn(name), action);
  }
}

export function compileScope({ grants }: Scope): NameRights {
  const patterns = grants.flatMap(({ may, on }) => {
    const rights = rightsOf(may);
    return on.map((pattern) => ({ pattern, rights }));
  });
  return new NameRights(patterns, REMEMBERED_MAX);
}
