import type { Address } from '../../kit/http/connection.js';

/** The task of a writer, as JSON in its first argument. */
export interface WriterTask {
  readonly writer: number;
  readonly seed: number;
  readonly octostore: Address;
  readonly resource: Address;
  readonly items: number;
  readonly ttlSeconds: number;
  /** The probability of a pause between its read and its write. */
  readonly pauseProbability: number;
}

/** A message from a writer. */
export type WriterMessage =
  /** The resource accepted a write that added the element. */
  | { readonly kind: 'added'; readonly item: string; readonly element: string }
  /** The writer stops itself now and waits for SIGCONT. */
  | { readonly kind: 'pausing' };
