/** Cancels a timer. Does nothing if it has already run. */
export type CancelTimer = () => void;

/** Milliseconds on CLOCK_MONOTONIC, which all processes of the machine share and no one can set. */
export function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Milliseconds since 1970 on the wall clock, which can be set. Use it for display, never to measure time. */
export function wallMs(): number {
  return Date.now();
}

/** Runs a task at an instant of `nowMs`, or as soon as possible if that has passed. */
export function at(instantMs: number, task: () => void): CancelTimer {
  const timer = setTimeout(task, Math.max(0, instantMs - nowMs()));
  return () => clearTimeout(timer);
}

/** Resolves with the result, or with null after `limitMs`. */
export async function within<T>(limitMs: number, result: Promise<T>): Promise<T | null> {
  let cancel: CancelTimer | undefined;
  const late = new Promise<null>((resolve) => {
    cancel = at(nowMs() + limitMs, () => resolve(null));
  });
  return Promise.race([result, late]).finally(() => cancel?.());
}

/** Ends the process after `limitMs` if it is still running. */
export function exitWithin(limitMs: number): void {
  setTimeout(() => process.exit(), limitMs).unref();
}

/** Resolves after `durationMs`. */
export function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, Math.max(0, durationMs));
  });
}
