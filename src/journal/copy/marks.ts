/*
 * Values of `lastFencingToken` that are not counters. No server starts on a database with one of them.
 */

/** A copy to this database is under way, or did not finish. */
export const UNFINISHED_COPY = -1;

/** Everything in this database has moved to another one. */
export const MOVED_AWAY = -2;
