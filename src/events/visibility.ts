import type { UserId } from '../core/model/ids.js';
import type { EventEntity } from '../store/entities/event.entity.js';

/** The lock that somebody wants to know about, and who holds it. */
export type Visible = Pick<EventEntity, 'lockName' | 'userId'>;

/**
 * Whether a user may see that a lock is held, by whom, and what happens to it. The one place that decides this: in one
 * installation every signed-in user may.
 */
export function maySee(_viewerUserId: UserId, _subject: Visible): boolean {
  return true;
}
