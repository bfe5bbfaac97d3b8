import type { Ending } from './ending.js';
import type { Keeper } from './keeper.js';

/** The method that Node shows an object with, for example in `console.log`. */
export const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/** How much of something is left: `12.3 s left`, `lost` or `closed`. */
export function leftText({ keeper, ending }: { readonly keeper: Keeper; readonly ending: Ending }): string {
  if (keeper.isLost) return 'lost';
  return ending.hasBegun ? 'closed' : `${(keeper.remainingMs / 1000).toFixed(1)} s left`;
}
