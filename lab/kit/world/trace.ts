type Detail = string | number | boolean | null;

/** Everything that happens, as a hash that is the same for equal runs, and if requested as lines to read. */
export class Trace {
  readonly lines: string[] = [];
  readonly #keepsLines: boolean;
  #hash = 0x811c9dc5;

  constructor(keepsLines: boolean) {
    this.#keepsLines = keepsLines;
  }

  get hash(): number {
    return this.#hash >>> 0;
  }

  note(atMs: number, what: string, ...details: readonly Detail[]): void {
    this.#mixNumber(atMs * 4);
    this.#mixText(what);
    for (const detail of details) {
      if (typeof detail === 'number') this.#mixNumber(detail);
      else this.#mixText(String(detail));
    }
    if (this.#keepsLines) this.lines.push(`${atMs.toFixed(2).padStart(12)} ms  ${what} ${details.join(' ')}`);
  }

  #mixText(text: string): void {
    for (let at = 0; at < text.length; at += 1) this.#mix(text.charCodeAt(at));
  }

  #mixNumber(number: number): void {
    this.#mix(number | 0);
    this.#mix((number / 2 ** 32) | 0);
  }

  #mix(value: number): void {
    this.#hash = Math.imul(this.#hash ^ value, 0x01000193);
  }
}
