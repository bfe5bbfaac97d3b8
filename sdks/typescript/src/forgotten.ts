import type { Keeper } from './keeper.js';
import { warn } from './warnings.js';

const HANDLES = new FinalizationRegistry((keeper: Keeper) => {
  const what = keeper.abandon();
  const why = 'was garbage-collected without being closed';
  warn(
    'OCTOSTORE_FORGOTTEN_HANDLE',
    `The handle of ${what} ${why}, so it is no longer renewed. Close each handle.`,
  );
});

/** Warns and stops renewing when a handle is garbage-collected while its keeper still works. The keeper must not refer to the handle. */
export function expectEnd(handle: object, keeper: Keeper): void {
  HANDLES.register(handle, keeper, keeper);
  const forget = (): void => void HANDLES.unregister(keeper);
  if (keeper.over.aborted) forget();
  else keeper.over.addEventListener('abort', forget, { once: true });
}

const LONG_MS = 3_600_000;

/**
 * Runs a function. Meanwhile, a handle is not garbage-collected, and the process stays alive: the function may do nothing but wait
 * for the signal of the handle, whose timers keep no process alive.
 */
export async function whileInUse<T>(handle: object, use: () => Promise<T>): Promise<T> {
  const alive = setInterval(() => void handle, LONG_MS);
  try {
    return await use();
  } finally {
    clearInterval(alive);
  }
}
