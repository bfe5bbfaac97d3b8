import { EXCLUSIVE, SHARED, type Hold } from '../../../src/core/model/demand.js';
import { goTogether } from '../law/go-together.js';
import { afterExpiry, coolingOfLease, either, NOT_COOLING, type CoolingEnd } from './cooling.js';
import {
  brokenAll,
  coolingIf,
  extended,
  grantedBefore,
  lastSetMs,
  mayCool,
  replaced,
  revealed,
  ROUNDING_MS,
  without,
  type HeldLease,
  type LockState,
} from './lock-state.js';
import {
  holdRequested,
  type End,
  type Operation,
  type Tag,
  type LockOutcome,
  type KnownSlots,
} from './operation.js';
import type { Outages } from './outages.js';

/**
 * The law of one lock, as far as clients can see it: they know neither when exactly an operation takes effect, nor what becomes of
 * one without an answer, so deadlines are intervals. `apply` returns the state after the operation, the same object if it changes nothing, or
 * null if the operation cannot come next with the answer that it got.
 *
 * Expiry is not an operation. A lease expires when an operation requires it and its deadline permits it. `byMs` is the moment by
 * which the operation has taken effect.
 */
export class LeaseModel {
  readonly #outages: Outages;

  constructor(outages: Outages) {
    this.#outages = outages;
  }

  apply(state: LockState, operation: Operation, byMs: number): LockState | null {
    const { outcome } = operation;
    switch (outcome.kind) {
      case 'granted':
        return this.#grant(state, operation, byMs, outcome.token);
      case 'held':
        return this.#observe(state, operation, outcome, byMs);
      case 'conflict':
        return this.#holder(state, outcome.tag, operation) === null ? null : state;
      case 'delayed':
        return this.#delayed(state, operation, outcome, byMs);
      case 'renewed':
        return this.#renew(state, operation, outcome.token, operation.returnMs);
      case 'released':
        return this.#release(state, operation);
      case 'converted':
        return this.#convert(state, operation, byMs, outcome.token);
      case 'broken':
        return this.#break(state, operation, outcome.tokens, byMs);
      case 'gone':
        return this.#gone(state, operation, byMs);
      case 'free':
        return this.#free(state, byMs, outcome.highestToken);
      default:
        return this.#unanswered(state, operation, byMs, outcome.noLaterThanMs);
    }
  }

  #grant(state: LockState, operation: Operation, byMs: number, token: number | null): LockState | null {
    const { request, callMs, outcome } = operation;
    if (request.kind !== 'acquire') return null;
    const hold = holdRequested(request, outcome.kind === 'granted' ? outcome : {});
    const open = this.#freedFor(state, hold, byMs);
    if (open === null || (token !== null && token <= open.highestToken)) return null;
    if (open.cooling.fromMs > byMs) return null;
    if (request.session !== null && request.session.endedByMs < callMs) return null;
    const sinceMs = Math.max(open.sinceMs, open.cooling.fromMs, callMs);
    const latestMs = outcome.kind === 'unknown' ? outcome.noLaterThanMs : operation.returnMs;
    const lease: HeldLease = {
      tag: request.tag,
      token,
      tokenRange: { above: open.highestToken, below: Infinity },
      session: request.session,
      hold,
      ttlMs: request.ttlMs,
      cooling: coolingOfLease(request.cooling, { fromMs: sinceMs, byMs: latestMs }, this.#outages),
      endableFromMs: sinceMs + request.ttlMs,
      endsByMs: latestMs + request.ttlMs,
      isAcknowledged: token !== null || !request.mayWait,
    };
    const earlier = token === null ? open.leases : open.leases.map((other) => grantedBefore(other, token));
    const highestToken = token ?? open.highestToken;
    return { leases: [...earlier, lease], highestToken, sinceMs, cooling: NOT_COOLING };
  }

  #observe(
    state: LockState,
    operation: Operation,
    { tag, token, isOwn, end, slots }: Extract<LockOutcome, { kind: 'held' }>,
    byMs: number,
  ): LockState | null {
    const named = this.#withToken(state, tag, token, operation);
    const bound = named === null ? null : this.#withSlots(named, tag, { ...(slots && { slots }) }, byMs);
    const lease = bound?.leases.find((other) => other.tag === tag);
    if (bound === null || lease === undefined) return bound;
    if (end !== undefined && !this.#mayEnd(lease, end, operation)) return null;
    if (lease.isAcknowledged || !isOwn) return bound;
    return replaced(bound, { ...lease, isAcknowledged: true });
  }

  /** The state once the slots of a lease are known; null if others have them. */
  #withSlots(state: LockState, tag: Tag, { slots }: KnownSlots, byMs: number): LockState | null {
    const lease = state.leases.find((other) => other.tag === tag);
    if (lease === undefined || slots === undefined || lease.hold.mode !== 'counted') return state;
    if (lease.hold.slots.length > 0) return lease.hold.slots.join() === slots.join() ? state : null;
    const hold = { ...lease.hold, slots };
    const others = { ...state, leases: state.leases.filter((other) => other !== lease) };
    const open = this.#freedFor(others, hold, byMs);
    if (open === null) return null;
    const held = state.leases.filter((other) => other === lease || open.leases.includes(other));
    return replaced({ ...open, leases: held }, { ...lease, hold });
  }

  #renew(state: LockState, operation: Operation, token: number, latestMs: number): LockState | null {
    const { request, callMs } = operation;
    if (request.kind !== 'renew') return null;
    const bound = this.#withToken(state, request.tag, token, operation);
    return bound === null ? null : extended(bound, request, callMs, latestMs);
  }

  #release(state: LockState, operation: Operation): LockState | null {
    const { request, callMs } = operation;
    if (request.kind !== 'release') return null;
    const lease = this.#holder(state, request.tag, operation);
    return lease === null ? null : without(state, lease, callMs, coolingIf(lease, lease.cooling.kept));
  }

  /** @param token null if no answer has shown it. */
  #convert(state: LockState, operation: Operation, byMs: number, token: number | null): LockState | null {
    const { request, callMs } = operation;
    if (request.kind !== 'convert') return null;
    const lease = this.#holder(state, request.tag, operation);
    if (lease === null || lease.hold.mode === 'counted') return null;
    if (lease.hold.mode === 'shared' && request.mode === 'exclusive') {
      return this.#upgrade(state, lease, token, Math.max(state.sinceMs, callMs), byMs);
    }
    const bound = token === null ? state : this.#withToken(state, request.tag, token, operation);
    if (bound === null || lease.hold.mode === request.mode) return token === null ? null : bound;
    const shared = bound.leases.find(({ tag }) => tag === request.tag) ?? lease;
    const sinceMs = Math.max(state.sinceMs, callMs);
    return { ...replaced(bound, { ...shared, hold: SHARED, isAcknowledged: true }), sinceMs };
  }

  /** The others must have ended. The token is a new one, as if the lease had been released and granted. */
  #upgrade(
    state: LockState,
    lease: HeldLease,
    token: number | null,
    sinceMs: number,
    byMs: number,
  ): LockState | null {
    const others = this.#freed({ ...state, leases: state.leases.filter((other) => other !== lease) }, byMs);
    if (others === null || (token !== null && token <= others.highestToken)) return null;
    return {
      leases: [
        {
          ...lease,
          token,
          tokenRange: { above: others.highestToken, below: Infinity },
          hold: EXCLUSIVE,
          isAcknowledged: true,
        },
      ],
      highestToken: token ?? others.highestToken,
      sinceMs: Math.max(sinceMs, others.sinceMs),
      cooling: NOT_COOLING,
    };
  }

  /** Each of these tokens belongs to a lease, maybe to one whose token no answer has shown. All others have ended by themselves. */
  #break(state: LockState, operation: Operation, tokens: readonly number[], byMs: number): LockState | null {
    const unknown = new Set(tokens);
    const known = state.leases.filter(({ token }) => token !== null && unknown.delete(token));
    if (known.some(({ tag }) => this.#holder(state, tag, operation) === null)) return null;
    const nameless = state.leases.filter(({ token }) => token === null);
    const mustBeBroken = nameless.filter((lease) => this.#ended(state, lease, byMs) === null);
    const others = [...new Set([...mustBeBroken, ...nameless])].slice(0, unknown.size);
    if (others.length < unknown.size) return null;
    const broken = new Set([...known, ...others]);
    const leases = state.leases.filter((lease) => !broken.has(lease));
    const rest = { ...brokenAll(state, operation.callMs, operation.returnMs, broken, this.#outages), leases };
    const free = this.#freed(rest, byMs);
    if (free === null) return null;
    const highestToken = Math.max(free.highestToken, ...tokens);
    if (tokens.length > 0) return { ...free, highestToken };
    return mayCool(free, operation) ? { ...free, cooling: NOT_COOLING } : null;
  }

  #gone(state: LockState, { request }: Operation, byMs: number): LockState | null {
    if (request.kind === 'status') return state;
    if (request.kind === 'break') return this.#available(state, byMs);
    const lease = state.leases.find(({ tag }) => tag === request.tag);
    return lease === undefined ? state : this.#ended(state, lease, byMs);
  }

  #free(state: LockState, byMs: number, highestToken: number): LockState | null {
    const free = this.#available(state, byMs);
    return free === null || highestToken < free.highestToken ? null : free;
  }

  #delayed(
    state: LockState,
    operation: Operation,
    { highestToken = Infinity, end }: Extract<LockOutcome, { kind: 'delayed' }>,
    byMs: number,
  ): LockState | null {
    const free = this.#freed(state, byMs);
    if (free === null || highestToken < free.highestToken || !mayCool(free, operation)) return null;
    if (end === undefined) return free;
    return end.byMs >= free.cooling.fromMs && end.fromMs <= free.cooling.byMs ? free : null;
  }

  /** What an operation without an answer does if it takes effect; null if it would do nothing. */
  #unanswered(state: LockState, operation: Operation, byMs: number, noLaterThanMs: number): LockState | null {
    const { request, callMs } = operation;
    if (request.kind === 'status' || state.sinceMs > noLaterThanMs) return null;
    if (request.kind === 'acquire') {
      const isHeld = state.leases.some(({ tag }) => tag === request.tag);
      return isHeld ? null : this.#grant(state, operation, byMs, null);
    }
    if (request.kind === 'release') return this.#release(state, operation);
    if (request.kind === 'convert') return this.#convert(state, operation, byMs, null);
    if (request.kind === 'break') return this.#unansweredBreak(state, callMs, byMs, noLaterThanMs);
    if (this.#holder(state, request.tag, operation) === null) return null;
    return extended(state, request, callMs, noLaterThanMs);
  }

  /** If its lease may have ended by then, it may have ended the cooling. */
  #unansweredBreak(state: LockState, callMs: number, byMs: number, noLaterThanMs: number): LockState | null {
    if (state.leases.length === 0 && state.cooling === NOT_COOLING) return null;
    const broken = brokenAll(state, callMs, noLaterThanMs, new Set(state.leases), this.#outages);
    const mayHaveEnded = state.leases.every((lease) => this.#ended(state, lease, byMs) !== null);
    return mayHaveEnded ? { ...broken, cooling: either(NOT_COOLING, broken.cooling) } : broken;
  }

  #withToken(state: LockState, tag: Tag, token: number, operation: Operation): LockState | null {
    const lease = this.#holder(state, tag, operation);
    if (lease === null || lease.token === token) return lease === null ? null : state;
    const { above, below } = lease.tokenRange;
    return lease.token !== null || token <= above || token >= below ? null : revealed(state, lease, token);
  }

  /** The lease if it holds the lock and cannot have ended before the operation began; otherwise null. */
  #holder({ leases }: LockState, tag: Tag, { callMs }: Operation): HeldLease | null {
    const lease = leases.find((other) => other.tag === tag);
    if (lease === undefined || (lease.session?.endedByMs ?? Infinity) < callMs) return null;
    const latestMs = this.#outages.latestEnd(lease.endsByMs, lastSetMs(lease), lease.ttlMs);
    return latestMs + ROUNDING_MS >= callMs ? lease : null;
  }

  /** Whether the lease can have the end that an answer stated. */
  #mayEnd(lease: HeldLease, end: End, { callMs }: Operation): boolean {
    const { endableFromMs, endsByMs, ttlMs } = lease;
    const sinceMs = lastSetMs(lease);
    const earliestMs = this.#outages.earliestEnd(endableFromMs, sinceMs, ttlMs, callMs);
    return end.byMs >= earliestMs && end.fromMs <= this.#outages.latestEnd(endsByMs, sinceMs, ttlMs);
  }

  /** The state after the end of all leases that do not go with this one; null if one of them cannot end by `byMs`. */
  #freedFor(state: LockState, hold: Hold, byMs: number): LockState | null {
    let open: LockState | null = goTogether([hold]) ? state : null;
    for (const lease of state.leases) {
      if (goTogether([lease.hold, hold])) continue;
      open = open === null ? null : this.#ended(open, lease, byMs);
    }
    return open;
  }

  /** The state after the end of all leases; null if one of them cannot end by `byMs`. */
  #freed(state: LockState, byMs: number): LockState | null {
    let free: LockState | null = state;
    for (const lease of state.leases) free = free === null ? null : this.#ended(free, lease, byMs);
    return free;
  }

  /** The state after the end of all leases and of the cooling; null if one of them cannot end by `byMs`. */
  #available(state: LockState, byMs: number): LockState | null {
    const free = this.#freed(state, byMs);
    return free === null || free.cooling.fromMs > byMs ? null : free;
  }

  /** The state after the end of one lease; null if it cannot end by `byMs`. */
  #ended(state: LockState, lease: HeldLease, byMs: number): LockState | null {
    if (!lease.isAcknowledged) return this.#takenBack(state, lease);
    const ownEndMs = this.#outages.earliestEnd(lease.endableFromMs, lastSetMs(lease), lease.ttlMs);
    const endMs = Math.min(ownEndMs, lease.session?.earliestEnd(this.#outages) ?? Infinity);
    return endMs > byMs ? null : without(state, lease, endMs, this.#coolingAfter(lease, endMs));
  }

  /** A grant that is revoked leaves no cooling. But the lease may also have expired. */
  #takenBack(state: LockState, lease: HeldLease): LockState {
    const cooling = either(NOT_COOLING, this.#coolingAfter(lease, lease.endableFromMs));
    return without(state, lease, state.sinceMs, cooling);
  }

  /** The lease did not end before `endMs`. If its client closed the session, that counts as a release. */
  #coolingAfter(lease: HeldLease, endMs: number): CoolingEnd {
    const latestMs = this.#outages.latestEnd(lease.endsByMs, lastSetMs(lease), lease.ttlMs);
    const expired = afterExpiry(lease.cooling, { fromMs: endMs, byMs: latestMs }, this.#outages);
    const isClosed = lease.session?.isEndRequested === true;
    return coolingIf(lease, isClosed ? either(lease.cooling.kept, expired) : expired);
  }
}
