import type { SessionFacts } from './session-facts.js';

/** Names one lease that a client requested. It is the lease's metadata, so every answer about the lease shows it. */
export type Tag = string;

/** A client's request for one lock. */
export type LockRequest =
  | {
      readonly kind: 'acquire';
      readonly tag: Tag;
      readonly ttlMs: number;
      /** The server may take a grant back if the request waited for it and its client has gone. */
      readonly mayWait: boolean;
      readonly session: SessionFacts | null;
    }
  | { readonly kind: 'renew'; readonly tag: Tag; readonly ttlMs: number }
  | { readonly kind: 'release'; readonly tag: Tag }
  | { readonly kind: 'status' };

/** Between which moments something is said to end. */
export interface End {
  readonly fromMs: number;
  readonly byMs: number;
}

/** How a request ended, as its client saw it. A refusal that says nothing about the lock is not recorded. */
export type LockOutcome =
  | { readonly kind: 'granted'; readonly token: number }
  /** The lock was held by the lease `tag`, and the answer had its token and maybe its end. */
  | {
      readonly kind: 'held';
      readonly tag: Tag;
      readonly token: number;
      readonly isOwn: boolean;
      readonly end?: End;
    }
  | { readonly kind: 'conflict'; readonly tag: Tag }
  | { readonly kind: 'renewed'; readonly token: number }
  | { readonly kind: 'released' }
  /** The lease that was named does not hold the lock. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'free'; readonly highestToken: number }
  /** No answer came. It took effect before `noLaterThanMs`, or never. */
  | { readonly kind: 'unknown'; readonly noLaterThanMs: number };

/** One request of one client about one lock, with its place in real time. */
export interface Operation {
  readonly request: LockRequest;
  readonly outcome: LockOutcome;
  readonly callMs: number;
  /** Infinity if no answer came. */
  readonly returnMs: number;
}

export function isAnswered({ outcome }: Operation): boolean {
  return outcome.kind !== 'unknown';
}
