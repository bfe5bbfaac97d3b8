/**
 * How long a leader may be silent before what is under way to it is ended, in milliseconds. A connection on which packets vanish would
 * otherwise last until the system gives it up, which takes many minutes. Long enough for a leader that is only very busy.
 */
export const SILENT_MS = 15_000;
