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
  /** Says in a few words what is wrong with a reply. Null if it is a success. */
  readonly complaint: (reply: Reply) => string | null;
}

/** Sends one request and resolves with its reply. Throws if there is no reply, or if it is not a success. */
export type Send = (request: Request) => Promise<Reply>;

/** What one client does, one request after another. */
export interface Script {
  /** Runs before anything is measured. */
  prepare?(send: Send): Promise<void>;
  /** The next request. `nowMs` is the time on the monotonic clock. */
  next(nowMs: number): Request;
  /** Called after each request from `next`, as soon as it has succeeded or failed. */
  answered?(request: Request, succeeded: boolean, nowMs: number): void;
  /** False while others depend on what this client does next. */
  readonly isAtRest?: boolean;
  /** The requests that release what the client holds, after everything was measured. */
  cleanup?(): readonly Request[];
}

/** What the clients of one run share. */
export interface Site {
  readonly target: Target;
  /** A unique text for names that no other run uses. */
  readonly run: string;
  /** Seconds that leases and sessions must last. */
  readonly seconds: number;
  /** Records something that took from `startedMs` until `nowMs` and is not a request. */
  readonly record: (operation: string, startedMs: number, nowMs: number) => void;
}

export interface Workload {
  readonly name: string;
  /** What the clients do, in a sentence. */
  readonly about: string;
  /** The operation that represents the workload where only one can be shown. Without it, all of them together. */
  readonly headline?: string;
  /** How to find replies in what is received. HTTP by default. */
  readonly framing?: Framing<Reply>;
  /** Returns a function that makes the script of each client, by its index from 0. */
  readonly begin: (site: Site) => (client: number) => Script;
}
