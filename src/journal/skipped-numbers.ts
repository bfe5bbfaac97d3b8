/*
 * How far fencing tokens and sequences skip ahead when some may have been issued that the database does not know.
 *
 * They skip to the number of the present time, and a fixed number further, which is above everything that was issued before, in whatever copy
 * of the database: no server issues as many. If the numbers are ahead of the clock, because they skipped not long ago or a clock is wrong, they
 * skip relative to the last one that is known.
 */

/** More grants or events than any server can make in a second. */
export const NUMBERS_PER_SECOND_MAX = 1_000_000;

/** When the number of the present time was 0, in seconds since 1970: 2026-01-01, before the first release. */
export const FIRST_SECOND = 1_767_225_600;

/** The highest number of the present time, in seconds, so that a clock that is centuries off does not use up the numbers. */
export const PRESENT_SECONDS_MAX = 100 * 366 * 24 * 3600;

/**
 * The longest time since the last write that is counted. Of two histories that begin at the same copy, the later one must skip more. What takes
 * longer is below the number of the present time anyway, and counting it here too would put the numbers ahead of the clock for good.
 */
export const ELAPSED_SECONDS_MAX = 24 * 3600;

/** The minimum number skipped. The clock may be wrong now, or may have been wrong at the last write. */
export const NUMBERS_SKIPPED_MIN = 2 ** 32;

/**
 * The minimum number skipped if terms may be missing as a whole. They may have skipped numbers too: up to 15 of them, because their database
 * had been started again.
 */
export const NUMBERS_SKIPPED_FOR_TERMS = 16 * NUMBERS_SKIPPED_MIN;

export interface Loss {
  /** When the database was last written to, in milliseconds since 1970. */
  readonly writtenAtMs: number;
  readonly nowMs: number;
  /** One of the minimum numbers above, or a multiple of it. */
  readonly skipsAtLeast: number;
}

/** The number after which tokens or sequences go on, from the last one that is known. The SQL of a take-over says the same. */
export function numberAfterLoss(last: number, { writtenAtMs, nowMs, skipsAtLeast }: Loss): number {
  const elapsedSeconds = Math.min(ELAPSED_SECONDS_MAX, Math.max(0, (nowMs - writtenAtMs) / 1000));
  const presentSeconds = Math.min(PRESENT_SECONDS_MAX, nowMs / 1000 - FIRST_SECOND);
  const relative = last + Math.round(NUMBERS_PER_SECOND_MAX * elapsedSeconds);
  return Math.max(relative, Math.round(NUMBERS_PER_SECOND_MAX * presentSeconds)) + skipsAtLeast;
}
