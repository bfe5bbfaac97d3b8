import type { NameRights } from '../policy/name-rights.js';
import { readStoredScope, storedScope, type ScopeGrant } from './scope-grants.js';
import { compileScope, Scope } from './scope.js';

/** How many scopes are kept compiled, and how many are found by their text. */
const KEPT_MAX = 500;

/** The scopes of tokens. Equal ones are usually the same object, and each is compiled when it is first asked. */
export class Scopes {
  readonly #known = new Map<string, Scope>();
  readonly #compiled = new Map<Scope, NameRights>();
  /** Grants nothing. */
  readonly nothing = new Scope([], { get: (scope) => this.#rightsOf(scope) });

  /** The scope with these grants. Null if there are none to narrow anything: the token may do as much as its owner. */
  of(grants: readonly ScopeGrant[] | null): Scope | null {
    return grants === null ? null : this.#shared(storedScope(grants), grants);
  }

  /** The scope that is stored in a row. */
  read(stored: string | null): Scope | null {
    if (stored === null) return null;
    return this.#known.get(stored) ?? this.#shared(stored, readStoredScope(stored));
  }

  #shared(text: string, grants: readonly ScopeGrant[]): Scope {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const scope = new Scope(grants, { get: (asked) => this.#rightsOf(asked) });
    keep(this.#known, text, scope);
    return scope;
  }

  #rightsOf(scope: Scope): NameRights {
    const known = this.#compiled.get(scope);
    if (known !== undefined) return known;
    const rights = compileScope(scope);
    keep(this.#compiled, scope, rights);
    return rights;
  }
}

/** Adds an entry. If there is no room, the oldest one goes. */
function keep<K, V>(entries: Map<K, V>, key: K, value: V): void {
  const [oldest] = entries.size >= KEPT_MAX ? entries.keys() : [];
  if (oldest !== undefined) entries.delete(oldest);
  entries.set(key, value);
}
