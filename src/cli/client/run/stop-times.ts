/** Milliseconds from SIGTERM to SIGKILL after the server has said that what is held has ended. */
export const KILL_AFTER_LOSS_MS = 500;

/** Milliseconds that processes may take to vanish after SIGKILL before they count as stuck. */
export const GONE_WITHIN_MS = 2000;

/** Milliseconds between two looks whether processes are gone. */
export const LOOK_EVERY_MS = 20;

/** Milliseconds in which a command begins that a guardian was starting when it was killed. */
export const BEGUN_WITHIN_MS = 500;
