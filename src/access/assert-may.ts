import { OctoStoreError } from '../errors/octostore-error.js';
import { may, type Action, type Actor, type SubjectOf } from './may.js';

/** A lock, session or fence that the actor may not use looks as if it did not exist. */
const REFUSALS = {
  observe: 'lock_not_found',
  acquire: 'lock_not_found',
  keep_session: 'session_not_found',
  observe_fence: 'fence_not_found',
  advance_fence: 'fence_not_found',
} as const satisfies Record<Action, string>;

/** Throws the matching refusal if the actor may not do this. */
export function assertMay<A extends Action>(actor: Actor, action: A, subject: SubjectOf[A]): void {
  if (!may(actor, action, subject)) throw new OctoStoreError(REFUSALS[action]);
}
