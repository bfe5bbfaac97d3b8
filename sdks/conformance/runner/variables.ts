/** The values that a scenario refers to as `{name}`. */
export class Variables {
  readonly #values: Map<string, unknown>;

  constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = new Map(Object.entries(values));
  }

  set(name: string, value: unknown): void {
    this.#values.set(name, value);
  }

  /** Replaces variables with their values. A text that is only a variable becomes its value, of any type. */
  fill<T>(template: T): T {
    return this.#filled(template) as T;
  }

  #filled(template: unknown): unknown {
    if (typeof template === 'string') return this.#filledText(template);
    if (Array.isArray(template)) return template.map((entry) => this.#filled(entry));
    if (typeof template !== 'object' || template === null) return template;
    return Object.fromEntries(Object.entries(template).map(([name, value]) => [name, this.#filled(value)]));
  }

  #filledText(text: string): unknown {
    const whole = /^\{(\w+)\}$/.exec(text)?.[1];
    if (whole !== undefined && this.#values.has(whole)) return this.#values.get(whole);
    return text.replaceAll(/\{(\w+)\}/g, (all, name: string) =>
      this.#values.has(name) ? String(this.#values.get(name)) : all,
    );
  }
}
