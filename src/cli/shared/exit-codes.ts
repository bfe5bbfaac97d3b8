/** The exit codes of the server's commands. Documented in `docs/operations.md`. */
export const SERVER_EXIT = {
  ok: 0,
  /** An unexpected failure. */
  failure: 1,
  /** The command line is not valid. */
  usage: 2,
  /** A commit failed, or another server leads now. The server acknowledges nothing more, and its next start reloads what is stored. */
  storeFailed: 70,
  /** A database or backup cannot be used: another process is using it, it is damaged, or a newer version wrote it. */
  databaseUnusable: 73,
  /** The configuration is not valid. */
  configInvalid: 78,
} as const;

/** The exit codes of all commands, modelled on `sysexits.h` and on shells. Documented in `docs/cli.md`. */
export const EXIT = {
  ...SERVER_EXIT,
  /** A fence has seen a higher fencing token. */
  staleToken: 65,
  /** What was asked for does not exist, or is not yours. */
  notFound: 66,
  /** The server cannot be reached, or is not available now. */
  unreachable: 69,
  /** Someone else holds the lock, or a limit is reached. You can try again later. */
  notAcquired: 75,
  /** The lock, lease or session was lost. */
  lost: 76,
  /** There is no token, or the server does not accept it. */
  notPermitted: 77,
  /** The command exists but cannot be run. */
  cannotRun: 126,
  /** The command does not exist. */
  commandNotFound: 127,
  /** A signal ended the command. The signal's number is added to this. */
  signal: 128,
} as const;
