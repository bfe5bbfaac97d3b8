import type { Operation } from './operation.js';

/** The answered operations that have no place in the order yet: a linked list of their calls and returns, by time. */
export class Pending {
  /** Of entry `2 * operation` (its call) and `2 * operation + 1` (its return); the last one is the head. */
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  readonly #head: number;
  readonly #answered: readonly Operation[];
  readonly #low: Uint32Array;
  readonly #high: Uint32Array;
  #left: number;
  #lowSum = 0;
  #highSum = 0;

  constructor(answered: readonly Operation[]) {
    this.#answered = answered;
    this.#left = answered.length;
    this.#head = 2 * answered.length;
    this.#next = new Int32Array(this.#head + 1);
    this.#previous = new Int32Array(this.#head + 1);
    this.#low = randomWords(answered.length);
    this.#high = randomWords(answered.length);
    let last = this.#head;
    for (const entry of this.#entriesByTime()) {
      this.#link(last, entry);
      last = entry;
    }
    this.#link(last, this.#head);
  }

  get isEmpty(): boolean {
    return this.#left === 0;
  }

  /** Stands for the set of the operations that were taken. */
  get fingerprint(): string {
    return `${this.#lowSum}.${this.#highSum}`;
  }

  /** The operations that may come next: those that were called before any that is left returned. */
  front(): { calls: number[]; firstReturnMs: number } {
    const calls: number[] = [];
    let entry = this.#following(this.#head);
    for (; entry !== this.#head && entry % 2 === 0; entry = this.#following(entry)) calls.push(entry / 2);
    const first = entry === this.#head ? undefined : this.#answered[(entry - 1) / 2];
    return { calls, firstReturnMs: first?.returnMs ?? Infinity };
  }

  take(operation: number): void {
    this.#mark(operation);
    this.#left -= 1;
    this.#unlink(2 * operation);
    this.#unlink(2 * operation + 1);
  }

  /** Undoes `take`, in reverse order. */
  putBack(operation: number): void {
    this.#mark(operation);
    this.#left += 1;
    this.#relink(2 * operation + 1);
    this.#relink(2 * operation);
  }

  #entriesByTime(): number[] {
    const at = (entry: number): number => {
      const operation = this.#answered[entry >> 1];
      return (entry % 2 === 0 ? operation?.callMs : operation?.returnMs) ?? 0;
    };
    // At the same moment the call comes first: then the two overlap, which allows more.
    return Array.from({ length: this.#head }, (_, entry) => entry).toSorted(
      (a, b) => at(a) - at(b) || (a % 2) - (b % 2),
    );
  }

  #following(entry: number): number {
    return this.#next[entry] ?? this.#head;
  }

  #link(entry: number, following: number): void {
    this.#next[entry] = following;
    this.#previous[following] = entry;
  }

  #unlink(entry: number): void {
    this.#link(this.#previous[entry] ?? this.#head, this.#following(entry));
  }

  #relink(entry: number): void {
    this.#next[this.#previous[entry] ?? this.#head] = entry;
    this.#previous[this.#following(entry)] = entry;
  }

  #mark(operation: number): void {
    this.#lowSum = (this.#lowSum ^ (this.#low[operation] ?? 0)) >>> 0;
    this.#highSum = (this.#highSum ^ (this.#high[operation] ?? 0)) >>> 0;
  }
}

function randomWords(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, () => Math.floor(Math.random() * 2 ** 32));
}
