import { useCallback, useEffect } from 'preact/hooks';
import type { LockEvent } from '../../api/schemas';
import { live, useWatched } from '../../state/live';
import { useStore } from '../../state/store';
import { useLoad, type Loaded } from '../../state/use-load';
import { useThrottled } from '../../state/use-throttled';
import { readLock, renewed, type LockFacts } from './read-lock';

/** Joining a line and keeping a place are no events. */
const EVERY_MS = 5000;

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
