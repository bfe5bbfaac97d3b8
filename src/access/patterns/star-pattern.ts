/** A pattern in which each `*` matches any characters, or none. All other characters stand for themselves. */
export class StarPattern {
  /** The text before the first `*`, or all of it. */
  readonly prefix: string;
  /** How many characters of a matching text the pattern names. */
  readonly fixedLength: number;
  readonly #middle: readonly string[];
  /** The text after the last `*`. Null if there is none. */
  readonly #suffix: string | null;

  constructor(readonly text: string) {
    const [prefix = '', ...others] = text.split('*');
    this.prefix = prefix;
    this.#suffix = others.pop() ?? null;
    this.#middle = others;
    this.fixedLength = text.replaceAll('*', '').length;
  }

  /** The first place that fits is the best one for each part, so nothing is tried twice. */
  matches(text: string): boolean {
    if (this.#suffix === null) return text === this.prefix;
    if (text.length < this.fixedLength || !text.startsWith(this.prefix) || !text.endsWith(this.#suffix))
      return false;
    const end = text.length - this.#suffix.length;
    let at = this.prefix.length;
    for (const part of this.#middle) {
      const found = text.indexOf(part, at);
      if (found === -1) return false;
      at = found + part.length;
    }
    return at <= end;
  }
}
