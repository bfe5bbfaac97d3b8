/** How the server's commands say why they ended. Documented in `docs/operations.md`. */
export const SERVER_EXIT = {
  ok: 0,
  /** Something unexpected. */
  failure: 1,
  /** The command line makes no sense. */
  usage: 2,
  /** A commit failed: nothing is acknowledged any more, and the next start reloads from disk. */
  storeFailed: 70,
  /** A database or backup cannot be used: another process has it, it is damaged, or a newer version wrote it. */
  databaseUnusable: 73,
  /** The configuration is not valid. */
  configInvalid: 78,
} as const;

/** The same of all commands, in the manner of `sysexits.h` and of shells. Documented in `docs/cli.md`. */
export const EXIT = {
  ...SERVER_EXIT,
  /** What was asked for does not exist, or is not yours. */
  notFound: 66,
  /** The server cannot be reached, or cannot serve now. */
  unreachable: 69,
  /** Somebody else holds the lock, or a limit is reached: it may go better later. */
  notAcquired: 75,
  /** The lock, lease or session ended although it should not have. */
  lost: 76,
  /** There is no token, or the server does not take it. */
  notPermitted: 77,
  /** The command exists but cannot be run. */
  cannotRun: 126,
  /** The command does not exist. */
  commandNotFound: 127,
  /** A signal ended it: this, and the signal's number on top. */
  signal: 128,
} as const;
