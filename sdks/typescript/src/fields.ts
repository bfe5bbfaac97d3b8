/** Reads the members of a JSON object, and checks the type of each. */
export class Fields {
  readonly #members: Readonly<Record<string, unknown>>;

  private constructor(members: Readonly<Record<string, unknown>>) {
    this.#members = members;
  }

  /** Throws `TypeError` unless the value is an object. */
  static of(value: unknown): Fields {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError('no object');
    return new Fields(value as Record<string, unknown>);
  }

  /** Throws unless the text is a JSON object. */
  static parse(text: string): Fields {
    return Fields.of(JSON.parse(text));
  }

  /** Returns null unless the text is a JSON object. */
  static tryParse(text: string): Fields | null {
    try {
      return Fields.parse(text);
    } catch {
      return null;
    }
  }

  has(name: string): boolean {
    return this.#members[name] !== undefined;
  }

  text(name: string): string {
    return this.#expected(name, this.optionalText(name));
  }

  number(name: string): number {
    return this.#expected(name, this.optionalNumber(name));
  }

  flag(name: string): boolean {
    return this.#expected(name, this.optionalFlag(name));
  }

  date(name: string): Date {
    return this.#expected(name, this.optionalDate(name));
  }

  object(name: string): Fields {
    return Fields.of(this.#members[name]);
  }

  /** Undefined if there is none, or null. */
  optionalObject(name: string): Fields | undefined {
    return this.#members[name] == null ? undefined : this.object(name);
  }

  /** The objects of a list. */
  objects(name: string): Fields[] {
    return this.#list(name).map((value) => Fields.of(value));
  }

  /** Undefined if there is none, or null. */
  optionalObjects(name: string): Fields[] | undefined {
    return this.#members[name] == null ? undefined : this.objects(name);
  }

  texts(name: string): string[] {
    return this.#list(name).map((value) => {
      if (typeof value !== 'string') throw new TypeError(`no list of texts in ${name}`);
      return value;
    });
  }

  numbers(name: string): number[] {
    return this.#list(name).map((value) => {
      if (!Number.isSafeInteger(value)) throw new TypeError(`no list of numbers in ${name}`);
      return value as number;
    });
  }

  textOrNull(name: string): string | null {
    return this.optionalText(name) ?? null;
  }

  numberOrNull(name: string): number | null {
    return this.optionalNumber(name) ?? null;
  }

  optionalText(name: string): string | undefined {
    const value = this.#members[name];
    return typeof value === 'string' ? value : undefined;
  }

  /** A safe integer: one that a double represents exactly. */
  optionalNumber(name: string): number | undefined {
    const value = this.#members[name];
    return Number.isSafeInteger(value) ? (value as number) : undefined;
  }

  optionalFlag(name: string): boolean | undefined {
    const value = this.#members[name];
    return typeof value === 'boolean' ? value : undefined;
  }

  optionalDate(name: string): Date | undefined {
    const date = new Date(this.optionalText(name) ?? NaN);
    return Number.isNaN(date.getTime()) ? undefined : date;
  }

  #list(name: string): readonly unknown[] {
    const value = this.#members[name];
    if (!Array.isArray(value)) throw new TypeError(`no list in ${name}`);
    return value;
  }

  #expected<T>(name: string, value: T | undefined): T {
    if (value === undefined) throw new TypeError(`nothing useful in ${name}`);
    return value;
  }
}
