import type { UserId } from '../core/model/ids.js';
import { OctoStoreError } from '../errors/octostore-error.js';
import { ALLOWED_WITHOUT_POLICY, nameOf, NEEDED, type Action, type Actor, type SubjectOf } from './may.js';
import { NO_LIMITS, rightsOn, type Policy, type UserLimits, type UserPolicy } from './policy/policy.js';
import type { Principal } from './policy/principal.js';
import { hasRight } from './policy/rights.js';

/** How many users are remembered with what the policy says about them. */
const REMEMBERED_MAX = 10_000;

/** An account as its source describes it. */
export interface Account {
  readonly provider: Principal['provider'];
  readonly subject: string;
  readonly login: string;
}

/** Finds out who a user is. */
export interface Identities {
  /** The account of a user. As long as nothing about it changes, it is the same object. */
  user(userId: UserId): Account | null;
  /** The logins that stand for an account. */
  loginsOf(account: Account): readonly string[];
  /** Whether an account is an administrator's. If left out, none is. Administrators observe every lock, so that they know what they break. */
  isAdministrator?(account: Account): boolean;
  /** The groups that a user is known to belong to now, as policies name them. If left out, no one belongs to any. */
  groupsOf?(userId: UserId): readonly string[];
  /** The sequence of the last event before these groups last changed. Null if they never did. */
  groupsChangedAfter?(userId: UserId): number | null;
}

/** What a change of the policy means for users. */
export interface AccessChange {
  /** Whether the user may now do other things than before. */
  affects(userId: UserId): boolean;
}

interface Remembered {
  readonly account: Account;
  readonly policy: UserPolicy;
}

const NO_SUBJECTS: ReadonlySet<string> = new Set();

const NOTHING: UserPolicy = { rights: [], limits: NO_LIMITS };

/**
 * Who may do what. This is decided here and nowhere else, for commands, reads, lists, event streams and webhooks. An actor may do what its user
 * may do, as far as the scopes of its token allow it. Without a policy, every signed-in user may observe and acquire everything. Actions that are always allowed, such as releasing your own lock, are not checked
 * here. Whether a lease or session belongs to the actor is decided in `core`.
 */
export class Access {
  readonly #identities: Identities;
  readonly #listeners: ((change: AccessChange) => void)[] = [];
  #policy: Policy | null = null;
  /** The sequence of the last event before the policy was changed. Null if it never was. */
  #changedAfter: number | null = null;
  /** In the order in which they were first asked for. */
  #users = new Map<UserId, Remembered>();

  constructor(identities: Identities) {
    this.#identities = identities;
  }

  get hasPolicy(): boolean {
    return this.#policy !== null;
  }

  may<A extends Action>(actor: Actor, action: A, subject: SubjectOf[A]): boolean {
    const needed = NEEDED[action];
    if (actor.scope !== null && !actor.scope.allows(needed, nameOf(subject))) return false;
    if (this.#policy === null) return ALLOWED_WITHOUT_POLICY[needed];
    if (hasRight(rightsOn(nameOf(subject), this.#policyOf(actor.userId)), needed)) return true;
    return actor.scope === null && needed === 'observe' && this.#isAdministrator(actor.userId);
  }

  /** Throws `forbidden` if the actor may not do this. */
  assertMay<A extends Action>(actor: Actor, action: A, subject: SubjectOf[A]): void {
    if (!this.may(actor, action, subject)) throw refusalOf(actor, action, subject);
  }

  /** The limits of a user that replace those of the settings. */
  limitsOf(userId: UserId): UserLimits {
    return this.#policy === null ? NO_LIMITS : this.#policyOf(userId).limits;
  }

  /** The subjects that the policy names, in the form in which they are compared. */
  get namedSubjects(): ReadonlySet<string> {
    return this.#policy?.subjects ?? NO_SUBJECTS;
  }

  /** Whether the policy, or the groups of the user under it, have been changed after the event with this sequence. */
  hasChangedSince(sequence: number, userId: UserId): boolean {
    if (this.#changedAfter !== null && sequence <= this.#changedAfter) return true;
    const regroupedAfter =
      this.#policy === null ? null : (this.#identities.groupsChangedAfter?.(userId) ?? null);
    return regroupedAfter !== null && sequence <= regroupedAfter;
  }

  /** Call this before the groups of a user change, and what it returns after that. Everything is judged by the new groups then. */
  beginRegrouping(userId: UserId): () => void {
    const before = this.#signatures()(userId);
    return () => {
      this.#users.delete(userId);
      if (this.#policy === null) return;
      const isChanged = before !== this.#signatures()(userId);
      const change = { affects: (other: UserId) => isChanged && other === userId };
      for (const listener of this.#listeners) listener(change);
    };
  }

  /**
   * Puts a policy in force, or none. Everything is judged by it from now on.
   *
   * @param changedAfter the sequence of the last event before it.
   */
  enforce(policy: Policy | null, changedAfter: number): void {
    const before = this.#signatures();
    this.#policy = policy;
    this.#changedAfter = changedAfter;
    this.#users = new Map();
    const after = this.#signatures();
    const change = { affects: (userId: UserId) => before(userId) !== after(userId) };
    for (const listener of this.#listeners) listener(change);
  }

  /** Calls `listener` after each change of the policy, and of the groups of a user. */
  onChange(listener: (change: AccessChange) => void): void {
    this.#listeners.push(listener);
  }

  #isAdministrator(userId: UserId): boolean {
    const account = this.#identities.user(userId);
    return account !== null && (this.#identities.isAdministrator?.(account) ?? false);
  }

  #policyOf(userId: UserId): UserPolicy {
    const account = this.#identities.user(userId);
    const known = this.#users.get(userId);
    if (known !== undefined && known.account === account) return known.policy;
    return account === null || this.#policy === null
      ? NOTHING
      : this.#remember(userId, account, this.#policy);
  }

  #remember(userId: UserId, account: Account, policy: Policy): UserPolicy {
    const remembered = { account, policy: policy.of(this.#principalOf(userId, account)) };
    if (this.#users.size >= REMEMBERED_MAX) this.#users.clear();
    this.#users.set(userId, remembered);
    return remembered.policy;
  }

  #principalOf(userId: UserId, account: Account): Principal {
    const { provider, subject } = account;
    const logins = this.#identities.loginsOf(account);
    return { provider, subject, logins, groups: this.#identities.groupsOf?.(userId) ?? [] };
  }

  /** What each user may do under the present policy, as a text to compare. */
  #signatures(): (userId: UserId) => string | null {
    const policy = this.#policy;
    if (policy === null) return () => null;
    return (userId) => {
      const account = this.#identities.user(userId);
      const { rights } = account === null ? NOTHING : policy.of(this.#principalOf(userId, account));
      return [...new Set(rights.flatMap(({ entries }) => entries))].toSorted().join('\n');
    };
  }
}

function refusalOf<A extends Action>({ scope }: Actor, action: A, subject: SubjectOf[A]): OctoStoreError {
  const isOutOfScope = scope !== null && !scope.allows(NEEDED[action], nameOf(subject));
  return isOutOfScope ? outOfScope(action, subject) : forbidden(action, subject);
}

/** The error for an action that the scopes of a token do not include. */
export function outOfScope<A extends Action>(action: A, subject: SubjectOf[A]): OctoStoreError {
  return new OctoStoreError('forbidden', {
    details: `The scopes of your token do not let it ${NEEDED[action]} the ${kindOf(subject)} "${nameOf(subject)}". Use another token.`,
  });
}

/** The error for an action that the policy does not grant. */
export function forbidden<A extends Action>(action: A, subject: SubjectOf[A]): OctoStoreError {
  return new OctoStoreError('forbidden', {
    details: `No grant lets you ${NEEDED[action]} the ${kindOf(subject)} "${nameOf(subject)}". Ask an administrator of this server for one.`,
  });
}

function kindOf(subject: SubjectOf[Action]): string {
  return 'lockName' in subject ? 'lock' : 'fence';
}
