import { UnusableDatabaseError } from '../errors.js';
import type { ServerRow } from '../rows/server-row.js';
import { MOVED_AWAY, UNFINISHED_COPY } from './marks.js';

/** Throws `UnusableDatabaseError` if a copy to the database did not finish, or if everything in it has moved to another one. */
export function assertNotMarked({ lastFencingToken }: Pick<ServerRow, 'lastFencingToken'>): void {
  if (lastFencingToken === UNFINISHED_COPY) {
    throw new UnusableDatabaseError(
      'An "octostore migrate" to this database did not finish, so it is incomplete. Delete it, create it again, and run the ' +
        'command once more. The database that you migrate from is unchanged.',
    );
  }
  if (lastFencingToken === MOVED_AWAY) {
    throw new UnusableDatabaseError(
      'Everything in this database was moved to another one with "octostore migrate". Set DATABASE_URL to that one. A server ' +
        'on each of them would issue the same fencing tokens.',
    );
  }
}
