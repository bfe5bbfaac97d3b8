/** How the process says why it ended. Documented in `docs/operations.md`. */
export const EXIT = {
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
