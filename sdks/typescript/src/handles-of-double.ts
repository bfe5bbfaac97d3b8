import type { Fetch } from './transport.js';

/** A handle that a test double can let renew. */
export interface Renewing {
  /** Aborted when it is lost or closed. */
  readonly over: AbortSignal;
  /** Makes one attempt to renew it now. Resolves after it. */
  renewNow(): Promise<void>;
}

/** Where the `fetch` of a test double has a function that learns of each handle, so that the double can move its clock. */
export const HANDLES = Symbol.for('octostore.handles');

/** Tells a test double of a handle, if the requests go to one. */
export function tellDouble(fetch: Fetch | undefined, handle: Renewing): void {
  (fetch as { readonly [HANDLES]?: (handle: Renewing) => void } | undefined)?.[HANDLES]?.(handle);
}
