import type { Framing } from './lean-connection.js';
import type { Target } from './load.js';

/** An answer in any protocol. */
export interface Reply {
  readonly status: number;
  readonly body: string;
}

/** One request that can be sent many times. */
export interface Request {
  /** The name under which its latency is shown. */
  readonly operation: string;
  readonly bytes: Buffer;
  /** Null if the reply is what was asked for, otherwise what it is instead, in a few words. */
  readonly complaint: (reply: Reply) => string | null;
}

/** Sends one request and resolves with its reply. Throws if there is none, or another one than asked for. */
export type Send = (request: Request) => Promise<Reply>;

/** What one client does, one request after the other. */
export interface Script {
  /** Before anything is measured. */
  prepare?(send: Send): Promise<void>;
  /** The request to be sent at this moment, on the monotonic clock. */
  next(nowMs: number): Request;
  /** After each request of `next`, as soon as it is known whether it succeeded. */
  answered?(request: Request, succeeded: boolean, nowMs: number): void;
  /** False while others depend on what this client does next. */
  readonly isAtRest?: boolean;
  /** What is left to give back after everything was measured. */
  farewell?(): readonly Request[];
}

/** What the clients of one run share. */
export interface Site {
  readonly target: Target;
  /** Makes names that no other run uses. */
  readonly run: string;
  /** Seconds that whatever is held must outlive. */
  readonly seconds: number;
  /** Takes note of something that took from `startedMs` until `nowMs` and is no request of its own. */
  readonly record: (operation: string, startedMs: number, nowMs: number) => void;
}

export interface Workload {
  readonly name: string;
  /** What the clients do, in a sentence. */
  readonly about: string;
  /** The operation that stands for the workload where there is room for one; all of them together if there is none. */
  readonly headline?: string;
  /** How replies are found in what is received; HTTP if nothing is said. */
  readonly framing?: Framing<Reply>;
  /** Returns what makes the script of the client with an index, from 0. */
  readonly begin: (site: Site) => (client: number) => Script;
}
