import { useCallback, useEffect, useRef } from 'preact/hooks';
import type { LockEvent } from '../../api/schemas';
import { live, useWatched } from '../../state/live';
import { useStore } from '../../state/store';
import { useLoad, type Loaded } from '../../state/use-load';
import { readLock, renewed, type LockFacts } from './read-lock';

/** Joining a line and keeping a place are no events. */
const EVERY_MS = 5000;
/** At most one reading in this time, however many events arrive. */
const PAUSE_MS = 250;

/** One lock, live. */
export function useLock(name: string): Loaded<LockFacts> {
  const lock = useLoad(name, () => readLock(name), { everyMs: EVERY_MS });
  const { patch, reload } = lock;
  const generation = useStore(live.generation);
  const changed = useThrottled(reload);
  useWatched(
    { kind: 'lock', name },
    useCallback(
      (events: readonly LockEvent[]) => {
        for (const event of events) if (event.event === 'renewed') patch((facts) => renewed(facts, event));
        if (events.some(({ event }) => event !== 'renewed')) changed();
      },
      [patch, changed],
    ),
  );
  useEffect(() => {
    if (generation > 1) changed();
  }, [generation, changed]);
  return lock;
}

/** Runs at once, then not again before the pause is over. The last call is never lost. */
function useThrottled(run: () => Promise<void>): () => void {
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const isDue = useRef(false);
  useEffect(() => () => clearTimeout(timer.current ?? undefined), [run]);
  return useCallback(() => {
    if (timer.current !== null) {
      isDue.current = true;
      return;
    }
    void run();
    const rest = (): void => {
      timer.current = null;
      if (!isDue.current) return;
      isDue.current = false;
      void run();
      timer.current = setTimeout(rest, PAUSE_MS);
    };
    timer.current = setTimeout(rest, PAUSE_MS);
  }, [run]);
}
