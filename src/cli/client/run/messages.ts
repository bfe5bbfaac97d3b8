/** What the command is, and by when it must be gone. Instants are milliseconds of `nowMs`, which all processes share. */
export interface Start {
  readonly type: 'start';
  readonly file: string;
  readonly args: readonly string[];
  /** Beyond the environment that the guardian itself has. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether the command is to ignore SIGHUP unless it asks for it. */
  readonly ignoresHangup: boolean;
  /** Milliseconds between SIGTERM and SIGKILL. */
  readonly graceMs: number;
  readonly killAtMs: number;
}

/** What the guardian is told. `start` comes first, and once. */
export type Order =
  | Start
  /** A renewal gives the command more time. */
  | { readonly type: 'extend'; readonly killAtMs: number }
  /** For the whole group of the command. */
  | { readonly type: 'signal'; readonly signal: NodeJS.Signals }
  /** What is held is lost. */
  | { readonly type: 'lost' };

/** How the command ended. */
export interface Ended {
  readonly type: 'ended';
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Whether the guardian stopped it because its time was over. */
  readonly wasStopped: boolean;
  /** Whether no process of its group is alive any more. */
  readonly isGone: boolean;
}

/** What the guardian tells. The last report is `failed` or `ended`. */
export type Report =
  | { readonly type: 'started'; readonly group: number }
  /** The command could not be started, by the system's error code. */
  | { readonly type: 'failed'; readonly code: string }
  | Ended;
