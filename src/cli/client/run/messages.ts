import type { Access } from '../connection/access.js';

/** What to give back when the command has ended, if the process that holds it can no longer do so. */
export interface LastRequest {
  readonly access: Access;
  readonly held: { readonly lock: string; readonly leaseId: string } | { readonly sessionId: string };
}

/** The command, and when it must have ended. Times are milliseconds of `nowMs`, the same in all processes. */
export interface Start {
  readonly type: 'start';
  readonly file: string;
  readonly args: readonly string[];
  /** Added to the guardian's own environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether the command ignores SIGHUP, unless it installs a handler itself. */
  readonly ignoresHangup: boolean;
  /** Milliseconds between SIGTERM and SIGKILL. */
  readonly graceMs: number;
  readonly killAtMs: number;
  readonly lastRequest: LastRequest;
}

/** An order to the guardian. `start` comes first, and only once. */
export type Order =
  | Start
  /** A renewal gives the command more time. */
  | { readonly type: 'extend'; readonly killAtMs: number }
  /** For every process of the command's group. */
  | { readonly type: 'signal'; readonly signal: NodeJS.Signals }
  /** For the command's own process only. Its children may not expect it. */
  | { readonly type: 'notify'; readonly signal: NodeJS.Signals }
  /** The lock or session is lost. */
  | { readonly type: 'lost' };

/** How the command ended. */
export interface Ended {
  readonly type: 'ended';
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Whether the guardian stopped it because its time was up. */
  readonly wasStopped: boolean;
  /** Whether every process of its group has ended. */
  readonly isGone: boolean;
}

/** A report from the guardian. The last one is `failed` or `ended`. */
export type Report =
  | { readonly type: 'started'; readonly group: number }
  /** The command could not be started. `code` is the system's error code. */
  | { readonly type: 'failed'; readonly code: string }
  | Ended;
