/** How long a server may take to start or stop, or another command to end, in milliseconds. */
export const IN_USE_MS_MAX = 15_000;

/** How often a command that waits looks again, in milliseconds. */
export const LOOK_EVERY_MS = 100;

/** Says why a command waits. Log lines do not belong in its output, so this goes to standard error. */
export function printWaiting(why: string): void {
  process.stderr.write(`${why}, ${IN_USE_MS_MAX / 1000} seconds at most.\n`);
}
