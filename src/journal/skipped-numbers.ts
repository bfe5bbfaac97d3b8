/*
 * How many fencing tokens and sequences are skipped when some may have been issued that the database does not know.
 */

/** More grants or events than any server can make in a second. */
export const NUMBERS_PER_SECOND_MAX = 1_000_000;

/** The longest time that is counted, so that a clock that is decades off does not use up the numbers. */
export const SECONDS_MAX = 10 * 366 * 24 * 3600;

/** The minimum number skipped. The clock may be wrong now, or may have been wrong at the last write. */
export const NUMBERS_SKIPPED_MIN = 2 ** 32;

/**
 * The minimum number skipped if terms may be missing as a whole. They may have skipped numbers too: up to 15 of them, because their database
 * had been started again.
 */
export const NUMBERS_SKIPPED_FOR_TERMS = 16 * NUMBERS_SKIPPED_MIN;
