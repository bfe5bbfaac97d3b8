import { z } from 'zod';
import { OPERATIONS } from './operations.js';

const operation = z.string().refine((name) => OPERATIONS.has(name), 'no such operation');

const answer = z.strictObject({
  status: z.int(),
  headers: z.record(z.string(), z.string()).default({}),
  /** Text as it stands, anything else as JSON. */
  body: z.unknown().optional(),
  /** Whether the server gets the request all the same. */
  forward: z.boolean().default(false),
});

/** Something that the proxy does wrong, to the next requests of one kind. */
export const faultShape = z.strictObject({
  on: operation,
  /** How often. */
  times: z.union([z.int(), z.literal('always')]).default(1),
  /**
   * Breaks the connection: before the server gets the request, after it has answered and before that is passed on, or
   * within the answer (within an event, for a stream).
   */
  cut: z.enum(['before', 'after', 'within']).optional(),
  /** For streams: the piece of the answer within which it is cut. */
  piece: z.int().default(1),
  /** Milliseconds before the server gets the request. */
  delay_ms: z.int().optional(),
  /** Milliseconds that the server's answer is held back. */
  late_ms: z.int().optional(),
  /** Swallows the request and never answers. */
  hang: z.boolean().default(false),
  /** Answers in the place of the server. */
  answer: answer.optional(),
  /** Query parameters that are set on the way. */
  query: z.record(z.string(), z.string()).optional(),
});

export type Fault = z.infer<typeof faultShape>;

/** The faults that are still to happen. */
export class Faults {
  #coming: { readonly fault: Fault; left: number }[] = [];

  add(fault: Fault): void {
    this.#coming.push({ fault, left: fault.times === 'always' ? Infinity : fault.times });
  }

  clear(): void {
    this.#coming = [];
  }

  /** The fault that happens to the next request of a kind; null for none. */
  take(operation: string): Fault | null {
    const next = this.#coming.find(
      ({ fault: { on }, left }) => left > 0 && (on === operation || on === 'any'),
    );
    if (next === undefined) return null;
    next.left -= 1;
    return next.fault;
  }
}
