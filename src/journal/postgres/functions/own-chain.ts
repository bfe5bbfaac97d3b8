import { IS_SYNCHRONOUS, TIMELINE } from './own-function.js';

/** The parameters that say where the last commit of the caller has left the server row. */
export const LAST_POSITION = ['p_epoch bigint', 'p_reign uuid', 'p_previous bigint'] as const;

/** Finds the server row where the last commit of the caller has left it. */
export const AT_LAST_POSITION = 'id = 1 and epoch = p_epoch and reign = p_reign and commit_no = p_previous';

/**
 * Whether the term has already gone on in this database. If it has not, the position alone proves nothing: a later term may have been
 * lost as a whole, and the database may be back where it began. See `GO_ON`. A server that runs on is the same database.
 */
export const WHERE_IT_WAS = `postmaster_started_at = pg_postmaster_start_time()
      and (timeline is null or timeline = ${TIMELINE})`;

/** What every commit sets. */
export const NEXT_COMMIT = `commit_no = p_previous + 1, db_clock = clock_timestamp(), synchronous = ${IS_SYNCHRONOUS}`;
