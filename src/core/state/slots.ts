const BITS = 32;

/** The slots of a counted lock: which of them are taken. The lowest free ones are handed out first. */
export class Slots {
  readonly #words: Uint32Array;
  #taken = 0;
  /** All words before this one are full. */
  #firstWord = 0;

  constructor(readonly limit: number) {
    this.#words = new Uint32Array(Math.ceil(limit / BITS));
  }

  get taken(): number {
    return this.#taken;
  }

  get free(): number {
    return this.limit - this.#taken;
  }

  /** The `count` lowest free slots, in order. There must be so many. */
  lowest(count: number): number[] {
    const slots: number[] = [];
    for (let slot = this.#firstWord * BITS; slots.length < count; slot += 1) {
      if (slot >= this.limit) throw new Error(`there are no ${count} free slots`);
      if (!this.#isTaken(slot)) slots.push(slot);
    }
    return slots;
  }

  take(slots: readonly number[]): void {
    for (const slot of slots) {
      if (slot >= this.limit || this.#isTaken(slot)) throw new Error(`the slot ${slot} is not free`);
      this.#flip(slot);
    }
    this.#taken += slots.length;
    while (this.#words[this.#firstWord] === 2 ** BITS - 1) this.#firstWord += 1;
  }

  giveBack(slots: readonly number[]): void {
    for (const slot of slots) {
      if (!this.#isTaken(slot)) throw new Error(`the slot ${slot} is not taken`);
      this.#flip(slot);
      this.#firstWord = Math.min(this.#firstWord, Math.floor(slot / BITS));
    }
    this.#taken -= slots.length;
  }

  #isTaken(slot: number): boolean {
    return ((this.#words[Math.floor(slot / BITS)] ?? 0) & (1 << (slot % BITS))) !== 0;
  }

  #flip(slot: number): void {
    const index = Math.floor(slot / BITS);
    this.#words[index] = (this.#words[index] ?? 0) ^ (1 << (slot % BITS));
  }
}
