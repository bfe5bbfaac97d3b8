import type { Operation, Tag } from './operation.js';
import type { Outages } from './outages.js';
import type { SessionFacts } from './session-facts.js';

/** How far the roundings of two clocks may lie apart. */
const ROUNDING_MS = 3;

/** A lease that holds the lock. */
export interface HeldLease {
  readonly tag: Tag;
  /** Null as long as nobody was told. */
  readonly token: number | null;
  readonly session: SessionFacts | null;
  readonly ttlMs: number;
  /** The earliest moment at which its deadline may lie. */
  readonly endableFromMs: number;
  /** The latest. */
  readonly endsByMs: number;
  /** The server may take a grant back as long as its client has not been told. */
  readonly isTold: boolean;
}

/** One lock, as the order found so far leaves it. Immutable. */
export interface LockState {
  readonly lease: HeldLease | null;
  readonly highestToken: number;
  /** No earlier than this: the last change was asked for, or its lease could end, at this moment. */
  readonly sinceMs: number;
}

export const FRESH: LockState = { lease: null, highestToken: 0, sinceMs: 0 };

/**
 * The sequential law of one lock. `apply` returns the state after the operation, the same object if it changes nothing, or
 * null if the operation cannot come next with the answer that it got.
 *
 * Expiry is no operation of its own: it happens when an operation needs it and a deadline allows it. `byMs` is the moment
 * by which the operation has taken effect.
 */
export class LeaseModel {
  readonly #outages: Outages;

  constructor(outages: Outages) {
    this.#outages = outages;
  }

  apply(state: LockState, operation: Operation, byMs: number): LockState | null {
    const { told } = operation;
    switch (told.kind) {
      case 'granted':
        return this.#grant(state, operation, byMs, told.token);
      case 'held':
        return this.#observe(state, operation, told);
      case 'conflict':
        return this.#holds(state, told.tag, operation) ? state : null;
      case 'renewed':
        return this.#renew(state, operation, told.token, operation.returnMs);
      case 'released':
        return this.#release(state, operation);
      case 'gone':
        return this.#gone(state, operation, byMs);
      case 'free':
        return this.#free(state, byMs, told.highestToken);
      default:
        return this.#unanswered(state, operation, byMs, told.noLaterThanMs);
    }
  }

  #grant(state: LockState, operation: Operation, byMs: number, token: number | null): LockState | null {
    const { ask, callMs, told } = operation;
    if (ask.kind !== 'acquire') return null;
    const free = this.#freed(state, byMs);
    if (free === null || (token !== null && token <= free.highestToken)) return null;
    if (ask.session !== null && ask.session.endedByMs < callMs) return null;
    const sinceMs = Math.max(free.sinceMs, callMs);
    const latestMs = told.kind === 'unknown' ? told.noLaterThanMs : operation.returnMs;
    const lease: HeldLease = {
      tag: ask.tag,
      token,
      session: ask.session,
      ttlMs: ask.ttlMs,
      endableFromMs: sinceMs + ask.ttlMs,
      endsByMs: latestMs + ask.ttlMs,
      isTold: token !== null || !ask.mayWait,
    };
    return { lease, highestToken: token ?? free.highestToken, sinceMs };
  }

  #observe(
    state: LockState,
    operation: Operation,
    { tag, token, isOwn }: { tag: Tag; token: number; isOwn: boolean },
  ): LockState | null {
    const bound = this.#withToken(state, tag, token, operation);
    if (bound === null || bound.lease === null || bound.lease.isTold || !isOwn) return bound;
    return { ...bound, lease: { ...bound.lease, isTold: true } };
  }

  #renew(state: LockState, operation: Operation, token: number, latestMs: number): LockState | null {
    const { ask, callMs } = operation;
    if (ask.kind !== 'renew') return null;
    const bound = this.#withToken(state, ask.tag, token, operation);
    return bound === null ? null : extended(bound, ask.ttlMs, callMs, latestMs);
  }

  #release(state: LockState, operation: Operation): LockState | null {
    const { ask, callMs } = operation;
    if (ask.kind !== 'release' || !this.#holds(state, ask.tag, operation)) return null;
    return { lease: null, highestToken: state.highestToken, sinceMs: Math.max(state.sinceMs, callMs) };
  }

  #gone(state: LockState, { ask }: Operation, byMs: number): LockState | null {
    if (ask.kind === 'status' || state.lease?.tag !== ask.tag) return state;
    return this.#freed(state, byMs);
  }

  #free(state: LockState, byMs: number, highestToken: number): LockState | null {
    const free = this.#freed(state, byMs);
    return free === null || highestToken < free.highestToken ? null : free;
  }

  /** What an operation without an answer does if it takes effect; null if it would do nothing. */
  #unanswered(state: LockState, operation: Operation, byMs: number, noLaterThanMs: number): LockState | null {
    const { ask, callMs } = operation;
    if (ask.kind === 'status' || state.sinceMs > noLaterThanMs) return null;
    if (ask.kind === 'acquire') {
      return state.lease?.tag === ask.tag ? null : this.#grant(state, operation, byMs, null);
    }
    if (!this.#holds(state, ask.tag, operation)) return null;
    if (ask.kind === 'release') return this.#release(state, operation);
    return extended(state, ask.ttlMs, callMs, noLaterThanMs);
  }

  #withToken(state: LockState, tag: Tag, token: number, operation: Operation): LockState | null {
    if (!this.#holds(state, tag, operation)) return null;
    const { lease } = state;
    if (lease === null || lease.token === token) return state;
    if (lease.token !== null || token <= state.highestToken) return null;
    return { ...state, lease: { ...lease, token }, highestToken: token };
  }

  /** Whether the lease holds the lock and cannot have ended before the operation began. */
  #holds({ lease, sinceMs }: LockState, tag: Tag, { callMs }: Operation): boolean {
    if (lease?.tag !== tag) return false;
    if ((lease.session?.endedByMs ?? Infinity) < callMs) return false;
    return this.#outages.latestEnd(lease.endsByMs, sinceMs, lease.ttlMs) + ROUNDING_MS >= callMs;
  }

  /** The state with its lock free, by the end of its lease if need be; null if the lease cannot end by `byMs`. */
  #freed(state: LockState, byMs: number): LockState | null {
    const { lease, highestToken, sinceMs } = state;
    if (lease === null) return state;
    if (!lease.isTold) return { lease: null, highestToken, sinceMs };
    const ownEndMs = this.#outages.earliestEnd(lease.endableFromMs, sinceMs, lease.ttlMs);
    const endMs = Math.min(ownEndMs - ROUNDING_MS, lease.session?.endableFromMs ?? Infinity);
    return endMs > byMs ? null : { lease: null, highestToken, sinceMs: Math.max(sinceMs, endMs) };
  }
}

function extended(state: LockState, ttlMs: number, callMs: number, latestMs: number): LockState {
  const { lease, highestToken } = state;
  if (lease === null) return state;
  const sinceMs = Math.max(state.sinceMs, callMs);
  const endableFromMs = sinceMs + ttlMs;
  const endsByMs = latestMs + ttlMs;
  return { lease: { ...lease, ttlMs, endableFromMs, endsByMs, isTold: true }, highestToken, sinceMs };
}
