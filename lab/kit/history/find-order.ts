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
  | { readonly kind: 'undecided'; readonly ordered: number; readonly unanswered: number };

/** Steps that the search for one lock may take. */
const STEPS_MAX = 2_000_000;

/** A state that the lock may be in at a place, because unanswered operations took effect there. */
interface Variant {
  readonly state: LockState;
  /** These operations, in order. None for the state that the operation before has left. */
  readonly unanswered: readonly number[];
}

/** One position in the order that is being tried. Answered operations have positions. */
interface Place {
  readonly byMs: number;
  /** The answered operations that may come here. */
  readonly calls: readonly number[];
  /** Those with the fewest operations first. Grows while the search goes on. */
  readonly variants: Variant[];
  /** The variant that is being tried, and the calls that are possible in its state. */
  current: number;
  candidates: readonly number[];
  /** Whether one of the calls changes nothing. It can come at once: whatever is possible later is possible after it, too. */
  isForced: boolean;
  next: number;
  /** The operation that was put here. */
  chosen: number;
}

/** Which unanswered operations an attempt had used up. */
type UsedUp = readonly number[];

/**
 * Looks for an order of all answered operations on one lock, and of some of the unanswered ones, that agrees with real time and with the
 * law. It is Wing and Gong's search with Lowe's memory of what was tried. Of the unanswered operations it tries as few as possible: with
 * all of their subsets, it would not end.
 */
export function findOrder(history: readonly Operation[], model: LeaseModel): SearchResult {
  return new Search(history, model).run();
}

class Search {
  readonly #model: LeaseModel;
  /** The answered ones come first. */
  readonly #operations: readonly Operation[];
  readonly #unanswered: readonly number[];
  readonly #pending: Pending;
  /**
   * The attempts, by what decides how they can go on: the answered operations that are left, and the state. An unanswered operation may
   * always be left out, so an attempt that has used up those of an earlier one can do no better.
   */
  readonly #tried = new Map<string, UsedUp[]>();
  readonly #taken: boolean[];
  #steps = 0;
  #deepest: { ordered: number; place: Place } | null = null;

  constructor(history: readonly Operation[], model: LeaseModel) {
    this.#model = model;
    const answered = history.filter(isAnswered);
    this.#operations = [...answered, ...withEffect(history, answered)];
    this.#unanswered = this.#operations.map((_, index) => index).slice(answered.length);
    this.#pending = new Pending(answered);
    this.#taken = this.#operations.map(() => false);
  }

  run(): SearchResult {
    const path: Place[] = [];
    let place = this.#placeAfter(FRESH, path.length);
    while (!this.#pending.isEmpty) {
      const next = this.#advance(place);
      if (this.#steps > STEPS_MAX) return this.#undecided();
      if (next !== null) {
        path.push(place);
        place = this.#placeAfter(next, path.length);
        continue;
      }
      const before = path.pop();
      if (before === undefined) return this.#impossible();
      this.#pending.putBack(before.chosen);
      place = before;
    }
    return { kind: 'ordered' };
  }

  /** Puts the next possible candidate in this position. Returns the state after it, or null if none is left. */
  #advance(place: Place): LockState | null {
    for (let variant = place.variants[place.current]; variant !== undefined;) {
      const after = this.#chooseNext(place, variant);
      if (after !== null) return after;
      if (!place.isForced) this.#addVariants(place, variant);
      this.#mark(variant, false);
      place.current += 1;
      variant = place.variants[place.current];
      if (variant !== undefined) this.#enter(place, variant);
    }
    return null;
  }

  #chooseNext(place: Place, { state }: Variant): LockState | null {
    while (place.next < place.candidates.length) {
      const index = place.candidates[place.next] ?? 0;
      place.next += 1;
      const after = this.#model.apply(state, this.#at(index), place.byMs);
      if (after === null) continue;
      this.#steps += 1;
      this.#pending.take(index);
      if (after === state || this.#isNew(after)) {
        place.chosen = index;
        return after;
      }
      this.#pending.putBack(index);
    }
    return null;
  }

  /** Adds the states that one more unanswered operation leads to. If it changes nothing, it can be left out as well. */
  #addVariants({ byMs, variants }: Place, { state, unanswered }: Variant): void {
    for (const index of this.#unanswered) {
      const operation = this.#at(index);
      if (this.#taken[index] || operation.callMs > byMs) continue;
      const after = this.#model.apply(state, operation, byMs);
      if (after === null || after === state) continue;
      this.#steps += 1;
      this.#taken[index] = true;
      if (this.#isNew(after)) variants.push({ state: after, unanswered: [...unanswered, index] });
      this.#taken[index] = false;
    }
  }

  #placeAfter(state: LockState, ordered: number): Place {
    const { calls, firstReturnMs: byMs } = this.#pending.front();
    const variant: Variant = { state, unanswered: [] };
    const place: Place = {
      byMs,
      calls: calls.toSorted((a, b) => this.#at(a).returnMs - this.#at(b).returnMs),
      variants: [variant],
      current: 0,
      candidates: [],
      isForced: false,
      next: 0,
      chosen: -1,
    };
    this.#enter(place, variant);
    if (this.#deepest === null || ordered > this.#deepest.ordered) this.#deepest = { ordered, place };
    return place;
  }

  #enter(place: Place, variant: Variant): void {
    this.#mark(variant, true);
    const { calls, byMs } = place;
    const { state } = variant;
    const harmless = calls.find((index) => this.#model.apply(state, this.#at(index), byMs) === state);
    place.isForced = harmless !== undefined;
    place.candidates = harmless === undefined ? calls : [harmless];
    place.next = 0;
  }

  #isNew(after: LockState): boolean {
    const key = `${this.#pending.fingerprint} ${keyOf(after)}`;
    const attempts = this.#tried.get(key) ?? [];
    if (attempts.some((usedUp) => usedUp.every((index) => this.#taken[index]))) return false;
    attempts.push(this.#unanswered.filter((index) => this.#taken[index]));
    this.#tried.set(key, attempts);
    return true;
  }

  #mark({ unanswered }: Variant, isTaken: boolean): void {
    for (const index of unanswered) this.#taken[index] = isTaken;
  }

  #undecided(): SearchResult {
    return { kind: 'undecided', ordered: this.#deepest?.ordered ?? 0, unanswered: this.#unanswered.length };
  }

  #impossible(): SearchResult {
    if (this.#deepest === null) throw new Error('a search begins with a place');
    const { ordered, place } = this.#deepest;
    const state = place.variants[0]?.state ?? FRESH;
    return { kind: 'impossible', ordered, stuckBefore: place.calls.map((index) => this.#at(index)), state };
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
