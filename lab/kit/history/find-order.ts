import type { LeaseModel } from './lease-model.js';
import { FRESH, type LockState } from './lock-state.js';
import type { CoolingEnd } from './cooling.js';
import { isAnswered, tagOf, type Operation, type Tag } from './operation.js';
import { Pending } from './pending.js';

export type SearchResult =
  | { readonly kind: 'ordered' }
  /** No order of the operations explains their answers. The deepest attempt got stuck before these. */
  | {
      readonly kind: 'impossible';
      readonly ordered: number;
      readonly stuckBefore: readonly Operation[];
      readonly state: LockState;
    }
  /** The search took too many steps. Counts as a failure. */
  | { readonly kind: 'undecided' };

/** Steps that the search for one lock may take. */
const STEPS_MAX = 2_000_000;

/** One position in the order that is being tried. */
interface Place {
  readonly state: LockState;
  readonly byMs: number;
  readonly candidates: readonly number[];
  next: number;
  /** The operation that was put here. */
  chosen: number;
}

/**
 * Looks for an order of all answered operations on one lock, and of some of the unanswered ones, that agrees with real time
 * and with the law (Wing and Gong's search with Lowe's memory of what was tried).
 */
export function findOrder(history: readonly Operation[], model: LeaseModel): SearchResult {
  return new Search(history, model).run();
}

class Search {
  readonly #model: LeaseModel;
  readonly #operations: readonly Operation[];
  readonly #unanswered: readonly number[];
  readonly #pending: Pending;
  readonly #tried = new Set<string>();
  readonly #taken: boolean[];
  #steps = 0;
  #deepest: { ordered: number; place: Place } | null = null;

  constructor(history: readonly Operation[], model: LeaseModel) {
    this.#model = model;
    const answered = history.filter(isAnswered);
    this.#operations = [...answered, ...withEffect(history, answered)];
    this.#unanswered = this.#operations.map((_, index) => index).slice(answered.length);
    this.#pending = new Pending(answered, this.#operations.length);
    this.#taken = this.#operations.map(() => false);
  }

  run(): SearchResult {
    const path: Place[] = [];
    let place = this.#placeAfter(FRESH, path.length);
    while (!this.#pending.isEmpty) {
      const next = this.#advance(place);
      if (this.#steps > STEPS_MAX) return { kind: 'undecided' };
      if (next !== null) {
        path.push(place);
        place = this.#placeAfter(next, path.length);
        continue;
      }
      const before = path.pop();
      if (before === undefined) return this.#impossible();
      this.#undo(before.chosen);
      place = before;
    }
    return { kind: 'ordered' };
  }

  /** Puts the next possible candidate in this position. Returns the state after it, or null if none is left. */
  #advance(place: Place): LockState | null {
    while (place.next < place.candidates.length) {
      const index = place.candidates[place.next] ?? 0;
      place.next += 1;
      const operation = this.#at(index);
      const after = this.#model.apply(place.state, operation, place.byMs);
      if (after === null) continue;
      this.#steps += 1;
      this.#do(index);
      if (after === place.state || this.#isNew(after)) {
        place.chosen = index;
        return after;
      }
      this.#undo(index);
    }
    return null;
  }

  #placeAfter(state: LockState, ordered: number): Place {
    const { calls, firstReturnMs: byMs } = this.#pending.front();
    const place: Place = {
      state,
      byMs,
      candidates: this.#candidates(state, calls, byMs),
      next: 0,
      chosen: -1,
    };
    if (this.#deepest === null || ordered > this.#deepest.ordered) this.#deepest = { ordered, place };
    return place;
  }

  /** An operation that is possible and changes nothing can come at once. Whatever is possible later is possible after it, too. */
  #candidates(state: LockState, calls: readonly number[], byMs: number): readonly number[] {
    const harmless = calls.find((index) => this.#model.apply(state, this.#at(index), byMs) === state);
    if (harmless !== undefined) return [harmless];
    const late = this.#unanswered.filter((index) => !this.#taken[index] && this.#at(index).callMs <= byMs);
    return [...calls.toSorted((a, b) => this.#at(a).returnMs - this.#at(b).returnMs), ...late];
  }

  #isNew(state: LockState): boolean {
    const key = `${this.#pending.fingerprint} ${keyOf(state)}`;
    if (this.#tried.has(key)) return false;
    this.#tried.add(key);
    return true;
  }

  #do(index: number): void {
    this.#taken[index] = true;
    this.#pending.take(index);
  }

  #undo(index: number): void {
    this.#taken[index] = false;
    this.#pending.putBack(index);
  }

  #impossible(): SearchResult {
    if (this.#deepest === null) throw new Error('a search begins with a place');
    const { ordered, place } = this.#deepest;
    const stuckBefore = place.candidates.map((index) => this.#at(index));
    return { kind: 'impossible', ordered, stuckBefore, state: place.state };
  }

  #at(index: number): Operation {
    const operation = this.#operations[index];
    if (operation === undefined) throw new Error(`there is no operation ${index}`);
    return operation;
  }
}

/** Two states with the same key permit the same. */
function keyOf({ leases, highestToken, sinceMs, cooling }: LockState): string {
  const held = leases.map(
    ({ tag, token, tokenRange, hold, endableFromMs, endsByMs, isAcknowledged, cooling: { kept } }) =>
      `${tag},${token ?? `${tokenRange.above}-${tokenRange.below}`},${hold.mode === 'counted' ? hold.slots.join('+') : hold.mode},${endableFromMs},${endsByMs},${isAcknowledged},${rangeOf(kept)}`,
  );
  return `${highestToken} ${sinceMs} ${rangeOf(cooling)} ${held.join(';')}`;
}

function rangeOf({ fromMs, byMs }: CoolingEnd): string {
  return byMs === -Infinity ? '' : `${fromMs}-${byMs}`;
}

/**
 * The unanswered operations that may matter: breaks, changes to a lease, and acquires whose lease appears in an answer or after whose lease the
 * lock may have cooled. Any other grant can only be in the way of other operations, so leaving it out loses no order.
 */
function withEffect(history: readonly Operation[], answered: readonly Operation[]): Operation[] {
  const seen = new Set<Tag | null>(
    answered.flatMap(({ request, outcome }) => {
      if (outcome.kind === 'held' || outcome.kind === 'conflict') return [outcome.tag];
      const isOfHolder =
        outcome.kind === 'renewed' ||
        outcome.kind === 'released' ||
        outcome.kind === 'granted' ||
        outcome.kind === 'converted';
      return isOfHolder ? [tagOf(request)] : [];
    }),
  );
  for (const tag of tagsThatCool(history, answered)) seen.add(tag);
  const isNamelessBroken = hasNamelessBreak(answered);
  return history.filter((operation) => {
    const { kind } = operation.request;
    const matters = kind === 'break' || (kind === 'acquire' && isNamelessBroken);
    return !isAnswered(operation) && (matters || seen.has(tagOf(operation.request)));
  });
}

/** The leases that clients requested with a cooling. None if no answer said that the lock cooled. */
function tagsThatCool(history: readonly Operation[], answered: readonly Operation[]): Tag[] {
  if (!answered.some(({ outcome }) => outcome.kind === 'delayed')) return [];
  return history.flatMap(({ request }) =>
    request.kind === 'acquire' && request.cooling !== undefined ? [request.tag] : [],
  );
}

/** Whether a lease was broken whose token no other answer shows. */
function hasNamelessBreak(answered: readonly Operation[]): boolean {
  const shown = new Set(answered.map(({ outcome }) => ('token' in outcome ? outcome.token : null)));
  return answered.some(
    ({ outcome }) => outcome.kind === 'broken' && outcome.tokens.some((token) => !shown.has(token)),
  );
}
