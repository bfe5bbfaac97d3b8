/** Counts the work of a match, so that a test can check its bound. */
export interface MatchCost {
  steps: number;
}

/** Matches any one character. */
const ANY = '?';

const WORD_BITS = 32;

/** Lock names consist of ASCII characters. */
const CHARACTERS = 128;

/**
 * Parts up to this length are compared at each place, one after another. That takes no more steps than the bit masks would
 * for the longest part.
 */
const SHORT = 8;

const SLASH = '/'.charCodeAt(0);

/** A part of a pattern without wildcards. Each of its places matches one given character, or any character. */
export class FixedPart {
  readonly #text: string;
  /** Bit masks: for each character, one bit for each place that matches it, in 32-bit words. Null if the part is short. */
  readonly #masks: Int32Array | null;
  readonly #words: number;

  constructor(text: string) {
    this.#text = text;
    this.#words = Math.ceil(text.length / WORD_BITS);
    this.#masks = text.length <= SHORT ? null : masksOf(text, this.#words);
  }

  get length(): number {
    return this.#text.length;
  }

  /** Whether this part matches a name at a place. */
  fitsAt(name: string, at: number, cost: MatchCost): boolean {
    if (at < 0 || at + this.#text.length > name.length) return false;
    for (let index = 0; index < this.#text.length; index += 1) {
      cost.steps += 1;
      const expected = this.#text[index];
      if (expected !== ANY && expected !== name[at + index]) return false;
    }
    return true;
  }

  /**
   * The first place between `from` and `end` where this part matches a name. -1 if there is none.
   *
   * @param atComponents Whether, after `from`, only the starts of components count.
   */
  find(name: string, from: number, end: number, atComponents: boolean, cost: MatchCost): number {
    return this.#masks === null
      ? this.#findInTurn(name, from, end, atComponents, cost)
      : this.#findAtOnce(this.#masks, name, from, end, atComponents, cost);
  }

  #findInTurn(name: string, from: number, end: number, atComponents: boolean, cost: MatchCost): number {
    for (let at = from; at + this.#text.length <= end; at += 1) {
      const mayStart = at === from || !atComponents || name[at - 1] === '/';
      if (mayStart && this.fitsAt(name, at, cost)) return at;
    }
    return -1;
  }

  /** Tracks all possible beginnings at the same time. Each bit stands for one that matches so far. */
  #findAtOnce(
    masks: Int32Array,
    name: string,
    from: number,
    end: number,
    atComponents: boolean,
    cost: MatchCost,
  ): number {
    const words = this.#words;
    const fitting = new Int32Array(words);
    const whole = 1 << ((this.#text.length - 1) % WORD_BITS);
    let mayStart = true;
    if (end - from < this.#text.length) return -1;
    cost.steps += (end - from) * words;
    for (let at = from; at < end; at += 1) {
      const code = name.charCodeAt(at);
      const row = code * words;
      let carry = mayStart ? 1 : 0;
      for (let word = 0; word < words; word += 1) {
        const before = fitting[word] ?? 0;
        fitting[word] = ((before << 1) | carry) & (masks[row + word] ?? 0);
        carry = before >>> (WORD_BITS - 1);
      }
      if (((fitting[words - 1] ?? 0) & whole) !== 0) return at - this.#text.length + 1;
      mayStart = !atComponents || code === SLASH;
    }
    return -1;
  }
}

function masksOf(text: string, words: number): Int32Array {
  const masks = new Int32Array(CHARACTERS * words);
  for (let index = 0; index < text.length; index += 1) {
    const word = Math.floor(index / WORD_BITS);
    const bit = 1 << (index % WORD_BITS);
    const [from, to] =
      text[index] === ANY ? [0, CHARACTERS - 1] : [text.charCodeAt(index), text.charCodeAt(index)];
    for (let code = from; code <= to; code += 1)
      masks[code * words + word] = (masks[code * words + word] ?? 0) | bit;
  }
  return masks;
}
