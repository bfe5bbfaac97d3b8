import { OctoStoreError } from '../errors/octostore-error.js';
import { may, type Action, type Actor, type SubjectOf } from './may.js';

/** What you may not touch looks as if it were not there. */
const REFUSALS = {
  observe: 'lock_not_found',
  acquire: 'lock_not_found',
  keep_session: 'session_not_found',
} as const satisfies Record<Action, string>;

/** Throws if the actor may not do this. */
export function assertMay<A extends Action>(actor: Actor, action: A, subject: SubjectOf[A]): void {
  if (!may(actor, action, subject)) throw new OctoStoreError(REFUSALS[action]);
}
