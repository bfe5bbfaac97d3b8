import type { Address } from '../../kit/http/connection.js';

/** What a writer is told at its start, as JSON in its first argument. */
export interface WriterTask {
  readonly writer: number;
  readonly seed: number;
  readonly octostore: Address;
  readonly resource: Address;
  readonly items: number;
  readonly ttlSeconds: number;
  /** How often it is paused between its read and its write. */
  readonly pauseProbability: number;
}

/** What a writer tells. */
export type WriterMessage =
  /** The resource has accepted a write that added the element. */
  | { readonly kind: 'added'; readonly item: string; readonly element: string }
  /** It stops itself now and waits for SIGCONT. */
  | { readonly kind: 'pausing' };
