import type { FenceName } from '../core/model/fence.js';
import type { UserId } from '../core/model/ids.js';
import type { PolicyAction } from './policy/rights.js';
import type { Scope } from './scope/scope.js';

/** The user who does something: the caller of a route, or the owner of a webhook for its deliveries. */
export interface Actor {
  readonly userId: UserId;
  /** The scopes of the token with which it is done. Null if the token may do as much as its owner. */
  readonly scope: Scope | null;
}

/** A lock, by its name. A request, a lease and the subject of an event all have a `lockName`, so you can pass them directly. */
export interface LockSubject {
  readonly lockName: string;
}

export interface FenceSubject {
  readonly fenceName: FenceName;
}

/** The actions, and what each applies to. */
export interface SubjectOf {
  /** See whether a lock is held, who holds it, and its events. */
  readonly observe: LockSubject;
  /** Acquire a lock and keep it. If you may do that, you may also observe the lock. */
  readonly acquire: LockSubject;
  /** End leases that others have. */
  readonly break: LockSubject;
  /** See what a fence has seen, and compare a token with it. */
  readonly observe_fence: FenceSubject;
  /** Create a fence and advance it. */
  readonly advance_fence: FenceSubject;
  /** Make a fence forget what it has seen. */
  readonly delete_fence: FenceSubject;
}

export type Action = keyof SubjectOf;

/**
 * What a policy must grant for each action. The name of a fence is compared with lock patterns as it is, since a lock and its fence
 * usually have the same name.
 */
export const NEEDED = {
  observe: 'observe',
  acquire: 'acquire',
  break: 'break',
  observe_fence: 'observe',
  advance_fence: 'acquire',
  delete_fence: 'administer',
} as const satisfies Record<Action, PolicyAction>;

/** What every signed-in user may do while there is no policy. The rest is for administrators. */
export const ALLOWED_WITHOUT_POLICY: Readonly<Record<PolicyAction, boolean>> = {
  observe: true,
  acquire: true,
  break: false,
  administer: false,
};

/** What an administrator may do on every lock, whatever the policy says. Acquiring is for those who use locks. */
export const OF_ADMINISTRATORS: ReadonlySet<PolicyAction> = new Set(['observe', 'break', 'administer']);

/** The name that patterns are compared with. */
export function nameOf(subject: LockSubject | FenceSubject): string {
  return 'lockName' in subject ? subject.lockName : subject.fenceName;
}
