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
    return hasRight(rightsOn(nameOf(subject), this.#policyOf(actor.userId)), needed);
  }

  /** Throws `forbidden` if the actor may not do this. */
  assertMay<A extends Action>(actor: Actor, action: A, subject: SubjectOf[A]): void {
    if (!this.may(actor, action, subject)) throw refusalOf(actor, action, subject);
  }

  /** The limits of a user that replace those of the settings. */
  limitsOf(userId: UserId): UserLimits {
    return this.#policy === null ? NO_LIMITS : this.#policyOf(userId).limits;
  }

  /** Whether the policy has been changed after the event with this sequence. */
  hasChangedSince(sequence: number): boolean {
    return this.#changedAfter !== null && sequence <= this.#changedAfter;
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

  /** Calls `listener` after each change of the policy. */
  onChange(listener: (change: AccessChange) => void): void {
    this.#listeners.push(listener);
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
    const remembered = { account, policy: policy.of(this.#principalOf(account)) };
    if (this.#users.size >= REMEMBERED_MAX) this.#users.clear();
    this.#users.set(userId, remembered);
    return remembered.policy;
  }

  #principalOf(account: Account): Principal {
    const { provider, subject } = account;
    return { provider, subject, logins: this.#identities.loginsOf(account) };
  }

  /** What each user may do under the present policy, as a text to compare. */
  #signatures(): (userId: UserId) => string | null {
    const policy = this.#policy;
    if (policy === null) return () => null;
    return (userId) => {
      const account = this.#identities.user(userId);
      const { rights } = account === null ? NOTHING : policy.of(this.#principalOf(account));
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
