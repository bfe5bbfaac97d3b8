import type { UserId } from '../core/ids.js';
import type { EventRow } from '../journal/rows/event-row.js';

/** The lock that somebody wants to know about, and who holds it. */
export type Visible = Pick<EventRow, 'lockName' | 'userId'>;

/**
 * Whether a user may see that a lock is held, by whom, and what happens to it. The one place that decides this: in one
 * installation every signed-in user may.
 */
export function maySee(_viewerUserId: UserId, _subject: Visible): boolean {
  return true;
}
