import type { CoolingTerms } from '../../../src/core/model/cooling.js';
import type { Hold } from '../../../src/core/model/demand.js';
import type { SessionFacts } from './session-facts.js';

/** Names one lease that a client requested. It is the lease's metadata, so every answer about the lease shows it. */
export type Tag = string;

/** How a client wants to hold a lock. Exclusively by default, and counted with a limit. */
export interface DemandRequest {
  readonly mode?: 'exclusive' | 'shared' | 'counted';
  readonly limit?: number;
  readonly permits?: number;
}

/** One of several locks that a client requests together. */
export interface WantedLock extends DemandRequest {
  readonly lock: string;
}

/** A client's request for one lock, or for the `locks` of one lease. */
export type LockRequest =
  | ({
      readonly kind: 'acquire';
      readonly tag: Tag;
      readonly ttlMs: number;
      /** The server may take a grant back if the request waited for it and its client has gone. */
      readonly mayWait: boolean;
      readonly session: SessionFacts | null;
      readonly cooling?: CoolingTerms;
      readonly locks?: readonly WantedLock[];
    } & DemandRequest)
  | {
      readonly kind: 'renew';
      readonly tag: Tag;
      readonly ttlMs: number;
      readonly locks?: readonly WantedLock[];
    }
  | { readonly kind: 'release'; readonly tag: Tag; readonly locks?: readonly WantedLock[] }
  | {
      readonly kind: 'convert';
      readonly tag: Tag;
      readonly mode: 'exclusive' | 'shared';
      readonly locks?: readonly WantedLock[];
    }
  /** Someone with the admin key ends all leases of the lock. */
  | { readonly kind: 'break' }
  | { readonly kind: 'status' };

/** Between which moments something is said to end. */
export interface End {
  readonly fromMs: number;
  readonly byMs: number;
}

/** The slots of a counted lease, as far as the answer shows them: of one lock, or of each of several. */
export interface KnownSlots {
  readonly slots?: readonly number[];
  readonly slotsByLock?: Readonly<Record<string, readonly number[]>>;
}

/** How a request ended, as its client saw it. A refusal that says nothing about the lock is not recorded. */
export type LockOutcome =
  | ({ readonly kind: 'granted'; readonly token: number } & KnownSlots)
  /** The lock was held by the lease `tag`, and the answer had its token and maybe its end. */
  | ({
      readonly kind: 'held';
      readonly tag: Tag;
      readonly token: number;
      readonly isOwn: boolean;
      readonly end?: End;
    } & KnownSlots)
  | { readonly kind: 'conflict'; readonly tag: Tag }
  /** No lease held the lock, but no one could be granted it yet. The answer had the end of that, and maybe the highest token. */
  | { readonly kind: 'delayed'; readonly highestToken?: number; readonly end?: End }
  | { readonly kind: 'renewed'; readonly token: number }
  | { readonly kind: 'released' }
  /** The lease has this token from now on, which is a new one if it got the lock for itself. */
  | { readonly kind: 'converted'; readonly token: number }
  /** The leases with these tokens were ended, and no other held the lock. If there were none, its cooling was ended. */
  | { readonly kind: 'broken'; readonly tokens: readonly number[] }
  /** The lease that was named does not hold the lock; if none was named, none does. */
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

/** The lease that the request names. Null if it names none. */
export function tagOf(request: LockRequest): Tag | null {
  return 'tag' in request ? request.tag : null;
}

/** How a lease holds a lock that was requested like this. Slots that no answer has shown are not assumed. */
export function holdRequested({ mode, limit }: DemandRequest, { slots = [] }: KnownSlots = {}): Hold {
  if (limit !== undefined) return { mode: 'counted', limit, slots };
  return { mode: mode === 'shared' ? 'shared' : 'exclusive' };
}

/** The same, as it concerns one lock of several. A refusal is about one lock alone. */
export function partOf(
  lock: string,
  request: LockRequest,
  outcome: LockOutcome,
): { readonly request: LockRequest; readonly outcome: LockOutcome } {
  const wanted = 'locks' in request ? request.locks?.find((other) => other.lock === lock) : undefined;
  const slots = 'slotsByLock' in outcome ? outcome.slotsByLock?.[lock] : undefined;
  return {
    request: wanted !== undefined && request.kind === 'acquire' ? { ...request, ...wanted } : request,
    outcome: slots === undefined ? outcome : ({ ...outcome, slots } as LockOutcome),
  };
}

/** The locks that the operation was about. */
export function locksOfRequest(lock: string, request: LockRequest, outcome: LockOutcome): readonly string[] {
  const isRefused = outcome.kind === 'conflict' || outcome.kind === 'delayed';
  const isAboutOne = isRefused || (outcome.kind === 'held' && !outcome.isOwn);
  if (!('locks' in request) || request.locks === undefined || isAboutOne) return [lock];
  return request.locks.map((other) => other.lock);
}
