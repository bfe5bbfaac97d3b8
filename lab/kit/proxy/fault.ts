import { z } from 'zod';
import { OPERATIONS } from './operations.js';

const operation = z.string().refine((name) => OPERATIONS.has(name), 'no such operation');

const answer = z.strictObject({
  status: z.int(),
  headers: z.record(z.string(), z.string()).default({}),
  /** A string is sent unchanged, anything else as JSON. */
  body: z.unknown().optional(),
  /** Whether the request is also forwarded to the server. */
  forward: z.boolean().default(false),
});

/** A fault that the proxy injects into the next requests of one operation. */
export const faultShape = z.strictObject({
  on: operation,
  /** How many requests it affects. */
  times: z.union([z.int(), z.literal('always')]).default(1),
  /**
   * Cuts the connection: before the request is forwarded, after the server has answered but before the answer is passed on,
   * or within the answer (for a stream, within an event).
   */
  cut: z.enum(['before', 'after', 'within']).optional(),
  /** Cuts the connection so many milliseconds after the request, unless the answer came sooner. The server sees the cut. */
  cut_after_ms: z.int().optional(),
  /** For streams: the chunk of the answer within which it is cut. */
  piece: z.int().default(1),
  /** Milliseconds before the request is forwarded. */
  delay_ms: z.int().optional(),
  /** Milliseconds by which the server's answer is delayed. */
  late_ms: z.int().optional(),
  /**
   * Forwards the request only once a later request of this operation has been answered. `answer`, if there is one, is sent at once.
   */
  overtaken_by: operation.optional(),
  /** Swallows the request and never answers. */
  hang: z.boolean().default(false),
  /** Replaces the server's answer. */
  answer: answer.optional(),
  /** Query parameters that are set before the request is forwarded. */
  query: z.record(z.string(), z.string()).optional(),
});

export type Fault = z.infer<typeof faultShape>;

/** The faults that have not happened yet. */
export class Faults {
  #pending: { readonly fault: Fault; left: number }[] = [];

  add(fault: Fault): void {
    this.#pending.push({ fault, left: fault.times === 'always' ? Infinity : fault.times });
  }

  clear(): void {
    this.#pending = [];
  }

  /** Removes and returns the fault for the next request of an operation; null if there is none. */
  take(operation: string): Fault | null {
    const next = this.#pending.find(
      ({ fault: { on }, left }) => left > 0 && (on === operation || on === 'any'),
    );
    if (next === undefined) return null;
    next.left -= 1;
    return next.fault;
  }
}
