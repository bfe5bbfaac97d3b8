/** Milliseconds from SIGTERM to SIGKILL after the server has said that the lease or session has ended. */
export const KILL_AFTER_LOSS_MS = 500;

/** Milliseconds that processes may take to end after SIGKILL before they count as stuck. */
export const GONE_WITHIN_MS = 2000;

/** Milliseconds between checks whether processes have ended. */
export const CHECK_EVERY_MS = 20;

/** Milliseconds that a command may take to begin after its guardian was killed while starting it. */
export const BEGUN_WITHIN_MS = 500;
