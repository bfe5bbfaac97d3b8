/** Checks of values from outside. They know nothing of requests, so that commands can use them without loading what serves those. */

export interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly default?: number;
}

/** Checks whether a value is a whole number within bounds, inclusive. */
export function integerWithin({ min, max }: Bounds): (value: unknown) => boolean {
  return (value) => typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max;
}

export interface TextRule {
  readonly minLength?: number;
  readonly maxBytes: number;
  /** A pattern with the `u` flag that the text must match. If you set it, set `rule` too. */
  readonly pattern?: string;
  /** The pattern for the API document, if not all languages support `pattern`. It must not be stricter than `pattern`. */
  readonly documentedPattern?: string;
  readonly rule?: string;
}

/** Checks whether a value is a text that follows a rule. */
export function textWithin({ minLength = 0, maxBytes, pattern }: TextRule): (value: unknown) => boolean {
  const shape = pattern === undefined ? null : new RegExp(pattern, 'u');
  return (value) =>
    typeof value === 'string' &&
    value.length >= minLength &&
    // Half of a surrogate pair can be neither stored nor sent.
    value.isWellFormed() &&
    Buffer.byteLength(value) <= maxBytes &&
    (shape === null || shape.test(value));
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}
