import { LockPattern } from '../patterns/lock-pattern.js';
import { NameRights, type PatternRights } from './name-rights.js';
import { LIMIT_NAMES, type Grant, type LimitName, type PolicyDocument } from './policy-document.js';
import { OidcPatterns } from './oidc-patterns.js';
import { subjectsOf, type Principal } from './principal.js';
import { hasRight, NO_RIGHTS, rightsOf, type PolicyAction, type Rights } from './rights.js';
import { subjectKey } from './subject-text.js';

/** The limits that a policy sets for one user. Those that it does not name are those of the settings. */
export type UserLimits = Readonly<Partial<Record<LimitName, number>>>;

/** What a policy says about one user. */
export interface UserPolicy {
  /** The rights of each subject that the user matches. The user has all of them. */
  readonly rights: readonly NameRights[];
  readonly limits: UserLimits;
}

/** A grant, and its position in the document. */
interface CompiledGrant {
  readonly index: number;
  readonly rights: Rights;
  readonly patterns: readonly PatternRights[];
}

export const NO_LIMITS: UserLimits = {};

const GITHUB = 'github:';

/** A policy that was checked, ready to be asked. It never changes. */
export class Policy {
  readonly document: PolicyDocument;
  readonly #grantsOf: ReadonlyMap<string, readonly CompiledGrant[]>;
  readonly #limitsOf = new Map<string, UserLimits>();
  readonly #oidcPatterns: OidcPatterns;
  /** The rights of each subject. Made when a user first matches it. */
  readonly #rightsOf = new Map<string, NameRights>();

  constructor(document: PolicyDocument) {
    this.document = document;
    this.#grantsOf = grantsBySubject(document.grants);
    for (const { for: subjects, ...limits } of document.quotas ?? []) {
      for (const subject of subjects.map(subjectKey)) {
        this.#limitsOf.set(subject, { ...this.#limitsOf.get(subject), ...defined(limits) });
      }
    }
    this.#oidcPatterns = new OidcPatterns([...this.#grantsOf.keys(), ...this.#limitsOf.keys()]);
  }

  /** The subjects that the policy names, in the form in which they are compared. */
  get subjects(): ReadonlySet<string> {
    return new Set([...this.#grantsOf.keys(), ...this.#limitsOf.keys()]);
  }

  /** The GitHub logins that the policy names, in lower case. */
  get logins(): ReadonlySet<string> {
    return new Set(
      [...this.subjects]
        .filter((subject) => subject.startsWith(GITHUB) && !subject.startsWith(`${GITHUB}id:`))
        .map((subject) => subject.slice(GITHUB.length)),
    );
  }

  of(principal: Principal): UserPolicy {
    const subjects = this.#subjectsOf(principal);
    const rights = subjects.flatMap((subject) => {
      const grants = this.#grantsOf.get(subject);
      return grants === undefined ? [] : [this.#rightsFor(subject, grants)];
    });
    return { rights, limits: this.#limitsFor(subjects) };
  }

  /** The positions of the grants that allow a user an action on a name. */
  grantsThatAllow(principal: Principal, action: PolicyAction, name: string): number[] {
    const allowing = this.#subjectsOf(principal)
      .flatMap((subject) => this.#grantsOf.get(subject) ?? [])
      .filter(
        ({ rights, patterns }) =>
          hasRight(rights, action) && patterns.some(({ pattern }) => new LockPattern(pattern).matches(name)),
      );
    return [...new Set(allowing.map(({ index }) => index))].toSorted((a, b) => a - b);
  }

  /** The subjects that stand for a user. The most specific one is first. */
  #subjectsOf(principal: Principal): readonly string[] {
    const subjects = subjectsOf(principal).flatMap((subject) => [
      subject,
      ...this.#oidcPatterns.matching(subject),
    ]);
    return [...new Set(subjects)];
  }

  #rightsFor(subject: string, grants: readonly CompiledGrant[]): NameRights {
    const known = this.#rightsOf.get(subject);
    if (known !== undefined) return known;
    const rights = new NameRights(grants.flatMap(({ patterns }) => patterns));
    this.#rightsOf.set(subject, rights);
    return rights;
  }

  #limitsFor(subjects: readonly string[]): UserLimits {
    const found = subjects.flatMap((subject) => this.#limitsOf.get(subject) ?? []);
    // The most specific subject comes last, so it wins.
    return found.length === 0 ? NO_LIMITS : Object.assign({}, ...found.toReversed());
  }
}

/** The rights of a user on a name. */
export function rightsOn(name: string, { rights }: UserPolicy): Rights {
  let all = NO_RIGHTS;
  for (const ofSubject of rights) all |= ofSubject.on(name);
  return all;
}

function grantsBySubject(grants: readonly Grant[]): Map<string, CompiledGrant[]> {
  const bySubject = new Map<string, CompiledGrant[]>();
  for (const [index, { to, may, on }] of grants.entries()) {
    const rights = rightsOf(may);
    const compiled = { index, rights, patterns: on.map((pattern) => ({ pattern, rights })) };
    for (const subject of new Set(to.map(subjectKey))) {
      const known = bySubject.get(subject);
      if (known === undefined) bySubject.set(subject, [compiled]);
      else known.push(compiled);
    }
  }
  return bySubject;
}

function defined(limits: Partial<Record<LimitName, number | undefined>>): UserLimits {
  return Object.fromEntries(
    LIMIT_NAMES.flatMap((name) => (limits[name] === undefined ? [] : [[name, limits[name]]])),
  );
}
